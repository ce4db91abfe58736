#include "python_redis.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace conclave::tooz {

namespace {

[[noreturn]] void raise(IoStatus status, const std::string& doing, Effect effect) {
    const std::string text = "redis: " + std::string(to_string(status)) + " while " + doing;
    if (status == IoStatus::timed_out) throw OperationTimedOut(text, effect);
    if (status == IoStatus::cancelled) throw Cancelled(text, effect);
    throw ConnectionError(text, effect);
}

std::string encoded(std::span<const Words> commands) {
    std::string bytes;
    for (const Words& words : commands) {
        const std::vector<std::string_view> views(words.begin(), words.end());
        resp::append_command(bytes, views);
    }
    return bytes;
}

Words evaluation(const std::string& how, std::string_view what, const Words& keys,
                 const Words& arguments) {
    Words words{how, std::string(what), std::to_string(keys.size())};
    words.insert(words.end(), keys.begin(), keys.end());
    words.insert(words.end(), arguments.begin(), arguments.end());
    return words;
}

}  // namespace

struct PythonRedis::Link {
    std::unique_ptr<Connection> connection;
    resp::Reader reader = resp::Reader();
    std::array<char, 4096> buffer = {};
};

PythonRedis::PythonRedis(Runtime& runtime, RedisPlace place)
    : runtime_(runtime), place_(std::move(place)) {}

PythonRedis::~PythonRedis() = default;

void PythonRedis::disconnect() noexcept { idle_.clear(); }

Deadline PythonRedis::bounded(Deadline deadline) const {
    return std::min(deadline, runtime_.after(place_.socket_timeout));
}

std::unique_ptr<PythonRedis::Link> PythonRedis::take(Deadline deadline) {
    while (!idle_.empty()) {
        std::unique_ptr<Link> link = std::move(idle_.back());
        idle_.pop_back();
        // Nothing is to be read from one that is fine.
        const IoResult read =
            link->connection->read_some(link->buffer, Deadline(runtime_.clock.now()));
        if (read.status == IoStatus::timed_out) return link;
    }
    return connect(place_.master_name.empty() ? place_.server : master(deadline), deadline);
}

std::unique_ptr<PythonRedis::Link> PythonRedis::connect(const Endpoint& endpoint,
                                                        Deadline deadline) {
    Connected connected = runtime_.network.connect(endpoint, bounded(deadline));
    if (connected.status != IoStatus::ok)
        raise(connected.status, "connecting to " + to_string(endpoint), Effect::none);
    auto link = std::make_unique<Link>();
    link->connection = std::move(connected.connection);
    return link;
}

Endpoint PythonRedis::master(Deadline deadline) {
    for (const Endpoint& sentinel : place_.sentinels) {
        PythonRedis asked(runtime_, {sentinel, {}, {}, place_.socket_timeout});
        try {
            const resp::Reply found =
                asked.call({"SENTINEL", "get-master-addr-by-name", place_.master_name},
                           Effect::none, deadline);
            if (found.elements.size() == 2)
                return {found.elements[0].text,
                        static_cast<std::uint16_t>(std::stoi(found.elements[1].text)),
                        {}};
        } catch (const Cancelled&) {
            throw;
        } catch (const Error&) {
            // The next one may know.
        }
    }
    throw ConnectionError("redis: no sentinel knows the master of " + place_.master_name);
}

resp::Reply PythonRedis::call(const Words& words, Effect lost, Deadline deadline) {
    return Pipeline(*this, deadline).ask(words, lost);
}

resp::Reply PythonRedis::run(const redis::scripts::Script& script, const Words& keys,
                             const Words& arguments, Deadline deadline) {
    Pipeline pipeline(*this, deadline);
    try {
        return pipeline.ask(evaluation("EVALSHA", script.sha1, keys, arguments), Effect::unknown);
    } catch (const Error& error) {
        if (!std::string_view(error.what()).starts_with("NOSCRIPT")) throw;
    }
    return pipeline.ask(evaluation("EVAL", script.body, keys, arguments), Effect::unknown);
}

Pipeline::Pipeline(PythonRedis& redis, Deadline deadline)
    : redis_(redis), deadline_(deadline), link_(redis.take(deadline)) {}

Pipeline::~Pipeline() {
    if (whole_) redis_.idle_.push_back(std::move(link_));
}

resp::Reply Pipeline::ask(const Words& words, Effect lost) {
    send({&words, 1});
    resp::Reply reply = receive(lost);
    whole_ = true;
    if (reply.type != resp::Type::error) return reply;
    // The connection's class says so of a server that became a replica, and of one that loads.
    const bool elsewhere = reply.text.starts_with("READONLY") || reply.text.starts_with("LOADING");
    if (!elsewhere) throw Error(reply.text);
    whole_ = false;
    throw ConnectionError(reply.text);
}

resp::Reply Pipeline::ask_all(std::span<const Words> commands) {
    send(commands);
    resp::Reply last;
    for (std::size_t i = 0; i < commands.size(); ++i) last = receive(Effect::unknown);
    whole_ = true;
    if (last.type == resp::Type::error) throw Error(last.text);
    return last;
}

void Pipeline::send(std::span<const Words> commands) {
    const std::string& name = commands.front().front();
    if (deadline_.passed(redis_.runtime_.clock.now()))
        raise(IoStatus::timed_out, "about to send " + name, Effect::none);
    whole_ = false;
    const IoResult written =
        link_->connection->write_all(encoded(commands), redis_.bounded(deadline_));
    if (!written.ok())
        raise(written.status, "sending " + name,
              written.bytes == 0 ? Effect::none : Effect::unknown);
}

resp::Reply Pipeline::receive(Effect lost) {
    const Deadline limit = redis_.bounded(deadline_);
    for (resp::Reply reply;;) {
        const resp::Decode decoded = link_->reader.next(reply);
        if (decoded == resp::Decode::message) return reply;
        if (decoded == resp::Decode::malformed)
            throw ConnectionError("redis: " + std::string(link_->reader.error()), lost);
        const IoResult read = link_->connection->read_some(link_->buffer, limit);
        if (!read.ok()) raise(read.status, "waiting for a reply", lost);
        link_->reader.feed({link_->buffer.data(), read.bytes});
    }
}

}  // namespace conclave::tooz
