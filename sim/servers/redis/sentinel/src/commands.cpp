// The sentinel as a server: what clients ask to find the master, and what peers ask to agree.

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include "state.hpp"

namespace conclave::servers::redis {

namespace {

constexpr Duration reply_timeout = std::chrono::seconds(30);

std::string lower(std::string text) {
    for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return text;
}

bool matches(const std::string& pattern, const std::string& channel) {
    if (pattern.ends_with('*')) return channel.starts_with(pattern.substr(0, pattern.size() - 1));
    return pattern == channel;
}

resp::Reply address(const Endpoint& endpoint) {
    return resp::array({resp::bulk(endpoint.host), resp::bulk(std::to_string(endpoint.port))});
}

resp::Reply wrong_arguments(const std::string& command) {
    return resp::error("ERR wrong number of arguments for '" + command + "' command");
}

}  // namespace

void Sentinel::State::serve(std::shared_ptr<Connection> connection) {
    resp::Reader reader({1024 * 1024, 1024});
    std::array<char, 4096> buffer;
    auto subscriber = std::make_shared<Subscriber>(Subscriber{connection, {}});
    subscribers.push_back(subscriber);
    for (bool open = true; open;) {
        const IoResult read = connection->read_some(buffer, Deadline::never());
        if (!read.ok()) break;
        reader.feed({buffer.data(), read.bytes});
        resp::Reply request;
        std::string out;
        resp::Decode decoded;
        while ((decoded = reader.next(request)) == resp::Decode::message) {
            std::vector<std::string> arguments;
            for (const resp::Reply& element : request.elements) arguments.push_back(element.text);
            if (arguments.empty()) continue;
            const std::string command = lower(arguments[0]);
            if (command != "subscribe" && command != "psubscribe") {
                resp::append_reply(out, answer(arguments));
                continue;
            }
            for (std::size_t i = 1; i < arguments.size(); ++i) {
                subscriber->patterns.push_back(arguments[i]);
                const auto count = static_cast<std::int64_t>(subscriber->patterns.size());
                resp::append_reply(out, resp::array({resp::bulk(command), resp::bulk(arguments[i]),
                                                     resp::integer(count)}));
            }
        }
        if (decoded == resp::Decode::malformed) {
            resp::append_reply(out, resp::error("ERR Protocol error: " + std::string(reader.error())));
            open = false;
        }
        if (!out.empty() && !connection->write_all(out, runtime.after(reply_timeout)).ok()) break;
    }
    connection->close();
    std::erase(subscribers, subscriber);
}

void Sentinel::State::broadcast(const std::string& channel, const std::string& text) {
    for (const auto& subscriber : subscribers) {
        for (const std::string& pattern : subscriber->patterns) {
            if (!matches(pattern, channel)) continue;
            std::string out;
            const bool exact = !pattern.ends_with('*');
            resp::append_reply(out, exact ? resp::array({resp::bulk("message"),
                                                         resp::bulk(channel), resp::bulk(text)})
                                          : resp::array({resp::bulk("pmessage"),
                                                         resp::bulk(pattern), resp::bulk(channel),
                                                         resp::bulk(text)}));
            tasks.spawn([this, connection = subscriber->connection, out = std::move(out)] {
                connection->write_all(out, runtime.after(reply_timeout));
            });
        }
    }
}

resp::Reply Sentinel::State::answer(const std::vector<std::string>& arguments) {
    const std::string command = lower(arguments[0]);
    if (command == "ping") return resp::status("PONG");
    if (command == "sentinel" && arguments.size() >= 2) return answer_sentinel(arguments);
    if (command == "sentinel") return wrong_arguments(command);
    if (command == "role")
        return resp::array({resp::bulk("sentinel"), resp::array({resp::bulk(options.master_name)})});
    if (command == "publish" && arguments.size() == 3) {
        if (arguments[1] == "__sentinel__:hello") on_hello(arguments[2]);
        return resp::integer(1);
    }
    if (command == "client" || command == "auth") return resp::status("OK");
    if (command == "info")
        return resp::bulk("# Server\r\nredis_version:7.0.15\r\nredis_mode:sentinel\r\nrun_id:" + id +
                          "\r\n# Sentinel\r\nsentinel_masters:1\r\n");
    return resp::error("ERR unknown command '" + arguments[0] + "', with args beginning with: ");
}

resp::Reply Sentinel::State::answer_sentinel(const std::vector<std::string>& arguments) {
    const std::string verb = lower(arguments[1]);
    if (verb == "myid") return resp::bulk(id);
    if (verb == "is-master-down-by-addr") return answer_is_master_down(arguments);
    if (verb == "masters") return resp::array({describe(*master)});
    constexpr std::array<std::string_view, 6> by_name = {
        "get-master-addr-by-name", "master", "replicas", "slaves", "sentinels", "ckquorum"};
    if (std::find(by_name.begin(), by_name.end(), verb) == by_name.end())
        return resp::error("ERR Unknown sentinel subcommand '" + arguments[1] + "'");
    if (arguments.size() != 3) return wrong_arguments("sentinel|" + verb);
    if (arguments[2] != options.master_name)
        return verb == "get-master-addr-by-name" ? resp::null_array()
                                                 : resp::error("ERR No such master with that name");
    if (verb == "get-master-addr-by-name") return address(current_master());
    if (verb == "master") return describe(*master);
    std::vector<resp::Reply> list;
    if (verb == "replicas" || verb == "slaves") {
        for (const auto& [endpoint, replica] : replicas) list.push_back(describe(*replica));
        return resp::array(std::move(list));
    }
    int usable = 1;
    for (const auto& [run_id, peer] : peers) {
        list.push_back(describe(*peer));
        usable += peer->subjectively_down() ? 0 : 1;
    }
    if (verb == "sentinels") return resp::array(std::move(list));
    const int voters = static_cast<int>(peers.size()) + 1;
    if (usable < options.quorum || usable < voters / 2 + 1)
        return resp::error("NOQUORUM " + std::to_string(usable) +
                           " usable Sentinels. Not enough available Sentinels to reach the"
                           " specified quorum for this master");
    return resp::status("OK " + std::to_string(usable) +
                        " usable Sentinels. Quorum and failover authorization can be reached");
}

resp::Reply Sentinel::State::answer_is_master_down(const std::vector<std::string>& arguments) {
    std::uint64_t epoch = 0;
    if (arguments.size() != 6) return wrong_arguments("sentinel|is-master-down-by-addr");
    const std::string& text = arguments[4];
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), epoch);
    if (error != std::errc{} || end != text.data() + text.size())
        return resp::error("ERR value is not an integer or out of range");
    const bool ours = arguments[2] == master->endpoint.host &&
                      arguments[3] == std::to_string(master->endpoint.port);
    const bool down = ours && !tilt && master->subjectively_down();
    std::string leader = "*";
    std::uint64_t leader_epoch = 0;
    if (ours && arguments[5] != "*") {
        const std::string voted = vote(epoch, arguments[5], leader_epoch);
        if (!voted.empty()) leader = voted;
    }
    return resp::array({resp::integer(down ? 1 : 0), resp::bulk(leader),
                        resp::integer(static_cast<std::int64_t>(leader_epoch))});
}

resp::Reply Sentinel::State::describe(const Instance& instance) const {
    std::string flags = instance.is(InstanceKind::master)    ? "master"
                        : instance.is(InstanceKind::replica) ? "slave"
                                                             : "sentinel";
    if (instance.subjectively_down()) flags = "s_down," + flags;
    if (instance.is(InstanceKind::master) && objectively_down) flags = "o_down," + flags;
    std::vector<resp::Reply> fields;
    const auto add = [&](std::string_view key, std::string value) {
        fields.push_back(resp::bulk(std::string(key)));
        fields.push_back(resp::bulk(std::move(value)));
    };
    const bool is_master = instance.is(InstanceKind::master);
    add("name", is_master ? options.master_name : to_string(instance.endpoint));
    add("ip", instance.endpoint.host);
    add("port", std::to_string(instance.endpoint.port));
    add("runid", instance.run_id);
    add("flags", flags);
    if (!is_master) return resp::array(std::move(fields));
    add("config-epoch", std::to_string(config_epoch));
    add("num-slaves", std::to_string(replicas.size()));
    add("num-other-sentinels", std::to_string(peers.size()));
    add("quorum", std::to_string(options.quorum));
    add("failover-timeout",
        std::to_string(options.failover_timeout / Duration(std::chrono::milliseconds(1))));
    return resp::array(std::move(fields));
}

}  // namespace conclave::servers::redis
