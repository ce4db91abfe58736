// What clients ask to find the master, and what peers ask to agree. What a sentinel shares with a
// server, such as subscriptions, is the engine's.

#include <algorithm>
#include <array>

#include "engine/command_table.hpp"
#include "engine/numbers.hpp"
#include "engine/refusals.hpp"
#include "engine/text.hpp"
#include "sentinel_client.hpp"

namespace conclave::servers::redis {

namespace {

constexpr std::string_view hello_channel = "__sentinel__:hello";
constexpr std::string_view no_such_master = "ERR No such master with that name";
constexpr std::string_view not_an_integer = "ERR value is not an integer or out of range";

/// Commands of the real one that the engine answers as it does for a server.
constexpr std::array shared{std::to_array<std::string_view>(
    {"auth", "client", "hello", "ping", "psubscribe", "punsubscribe", "subscribe", "unsubscribe"})};
constexpr std::array not_modelled{std::to_array<std::string_view>({
    "acl",
    "client|pause",
    "client|unpause",
    "command",
    "sentinel|config",
    "sentinel|debug",
    "sentinel|failover",
    "sentinel|flushconfig",
    "sentinel|help",
    "sentinel|info-cache",
    "sentinel|monitor",
    "sentinel|pending-scripts",
    "sentinel|remove",
    "sentinel|reset",
    "sentinel|set",
    "sentinel|simulate-failure",
    "shutdown",
})};

template <class List>
bool contains(const List& list, std::string_view name) {
    return std::find(list.begin(), list.end(), name) != list.end();
}

}  // namespace

struct Sentinel::State::OwnCommand {
    std::string_view name;  ///< "sentinel|masters" for a subcommand
    int arity;              ///< with the name; negative: at least
    void (State::*run)(ReplyWriter&, Arguments);

    bool accepts(std::size_t arguments) const noexcept {
        const auto given = static_cast<int>(arguments);
        return arity >= 0 ? given == arity : given >= -arity;
    }
    static const OwnCommand* find(std::string_view name) noexcept;
};

const Sentinel::State::OwnCommand* Sentinel::State::OwnCommand::find(
    std::string_view name) noexcept {
    static constexpr std::array table{std::to_array<OwnCommand>({
        {"info", -1, &State::answer_info},
        {"publish", 3, &State::answer_publish},
        {"role", 1, &State::answer_role},
        {"sentinel|ckquorum", 3, &State::answer_quorum},
        {"sentinel|get-master-addr-by-name", 3, &State::answer_address},
        {"sentinel|is-master-down-by-addr", 6, &State::answer_is_master_down},
        {"sentinel|master", 3, &State::answer_master},
        {"sentinel|masters", 2, &State::answer_masters},
        {"sentinel|myid", 2, &State::answer_id},
        {"sentinel|replicas", 3, &State::answer_replicas},
        {"sentinel|sentinels", 3, &State::answer_sentinels},
        {"sentinel|slaves", 3, &State::answer_replicas},
    })};
    const auto found = std::find_if(table.begin(), table.end(),
                                    [&](const OwnCommand& each) { return each.name == name; });
    return found == table.end() ? nullptr : &*found;
}

void Sentinel::State::execute(Session& session, Arguments arguments) {
    ReplyWriter reply(session.output, session.protocol);
    std::string name = lower(arguments[0]);
    const bool has_subcommands = name == "sentinel" || name == "client";
    if (has_subcommands && arguments.size() > 1) name.append("|").append(lower(arguments[1]));
    if (contains(not_modelled, name))
        return reply.error("ERR unsupported by the model: command '" + name + "'");
    const OwnCommand* const own = OwnCommand::find(name);
    if (!own) {
        if (name == "sentinel") return reply.error(wrong_number_of_arguments(name));
        if (name.starts_with("sentinel|"))
            return reply.error(unknown_subcommand_of("sentinel", arguments[1]));
        if (contains(shared, lower(arguments[0])))
            return engine.execute(session, arguments, wall_ms());
        return reply.error(unknown_to_redis(arguments));
    }
    if (!own->accepts(arguments.size())) return reply.error(wrong_number_of_arguments(name));
    if (session.subscribed() && session.protocol == 2)
        return reply.error(only_for_subscribers(name));
    (this->*own->run)(reply, arguments);
}

bool Sentinel::State::knows_master(ReplyWriter& reply, std::string_view name) const {
    if (name == options.master_name) return true;
    reply.error(no_such_master);
    return false;
}

void Sentinel::State::answer_id(ReplyWriter& reply, Arguments) { reply.bulk(file->id); }

void Sentinel::State::answer_role(ReplyWriter& reply, Arguments) {
    reply.array(2);
    reply.bulk("sentinel");
    reply.array(1);
    reply.bulk(options.master_name);
}

void Sentinel::State::answer_publish(ReplyWriter& reply, Arguments arguments) {
    if (arguments[1] != hello_channel)
        return reply.error("ERR Only HELLO messages are accepted by Sentinel instances.");
    on_hello(arguments[2]);
    reply.integer(1);
}

void Sentinel::State::answer_address(ReplyWriter& reply, Arguments arguments) {
    if (arguments[2] != options.master_name) return reply.null_array();
    const Endpoint endpoint = current_master();
    reply.array(2);
    reply.bulk(endpoint.host);
    reply.bulk(std::to_string(endpoint.port));
}

void Sentinel::State::answer_quorum(ReplyWriter& reply, Arguments arguments) {
    if (!knows_master(reply, arguments[2])) return;
    int usable = 1;
    for (const auto& [run_id, peer] : peers) usable += peer->subjectively_down() ? 0 : 1;
    const int voters = static_cast<int>(peers.size()) + 1;
    const bool detect = usable >= options.quorum;
    const bool authorise = usable >= voters / 2 + 1;
    const std::string count = std::to_string(usable) + " usable Sentinels. ";
    if (detect && authorise)
        return reply.status("OK " + count + "Quorum and failover authorization can be reached");
    std::string text = "NOQUORUM " + count;
    if (!detect)
        text += "Not enough available Sentinels to reach the specified quorum for this master";
    if (!authorise)
        text += std::string(detect ? "" : ". ") +
                "Not enough available Sentinels to reach the majority and authorize a failover";
    reply.error(text);
}

void Sentinel::State::answer_is_master_down(ReplyWriter& reply, Arguments arguments) {
    const auto port = parse_integer(arguments[3]);
    const auto epoch = port ? parse_integer(arguments[4]) : std::nullopt;
    if (!epoch) return reply.error(not_an_integer);
    const bool ours = arguments[2] == master->endpoint.host && *port == master->endpoint.port;
    const bool down = ours && !tilt && master->subjectively_down();
    std::string leader;
    std::uint64_t leader_epoch = 0;
    if (ours && arguments[5] != "*")
        leader = vote(static_cast<std::uint64_t>(*epoch), std::string(arguments[5]), leader_epoch);
    reply.array(3);
    reply.integer(down ? 1 : 0);
    reply.bulk(leader.empty() ? "*" : leader);
    reply.integer(static_cast<std::int64_t>(leader_epoch));
}

void Sentinel::State::follow(const Endpoint*) {}
void Sentinel::State::write_config() {}
void Sentinel::State::pause(std::int64_t, bool) {}

void Sentinel::State::kill(Session& session) {
    if (const auto found = clients.find(session.id); found != clients.end()) found->second->close();
}

void Sentinel::State::wake(Session& session) {
    if (const auto found = clients.find(session.id); found != clients.end())
        found->second->output_added();
}

}  // namespace conclave::servers::redis
