#pragma once

// What a sentinel knows about one server or one peer, and its connections to it.

#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "conclave/codec/resp.hpp"
#include "conclave/sync.hpp"

namespace conclave::servers::redis {

/// A pipelined command connection: replies come back in order, each to the callback of its command.
class CommandLink {
public:
    using Callback = std::function<void(const resp::Reply&)>;

    CommandLink(Runtime& runtime, TaskGroup& tasks) : runtime_(runtime), tasks_(tasks) {}

    /// Starts connecting in the background unless connected or already on the way.
    void connect_later(const Endpoint& endpoint, const std::string& password);
    /// Queues a command; false when not connected or too many wait for a reply.
    bool send(std::initializer_list<std::string_view> arguments, Callback callback);
    /// Drops the connection; commands without a reply are forgotten.
    void disconnect() noexcept;
    bool connected() const noexcept { return connection_ != nullptr; }
    /// Commands without a reply.
    std::size_t pending() const noexcept { return pending_.size(); }
    /// No fiber of this link runs any more: it may be forgotten.
    bool idle() const noexcept { return fibers_ == 0; }
    TimePoint connected_at() const noexcept { return connected_at_; }
    /// Called for messages nobody asked for: a subscription's.
    void on_push(Callback callback) { push_ = std::move(callback); }

private:
    /// Runs `body` on a fiber of its own, and counts it.
    template <class Body>
    void spawn(Body body);
    void run(const Endpoint& endpoint, const std::string& password);
    void read_replies(const std::shared_ptr<Connection>& connection);
    void write_queued(const std::shared_ptr<Connection>& connection);
    void deliver(const resp::Reply& reply);

    Runtime& runtime_;
    TaskGroup& tasks_;
    std::shared_ptr<Connection> connection_;
    std::deque<Callback> pending_;
    std::string outgoing_;
    Callback push_;
    TimePoint connected_at_{};
    int fibers_ = 0;
    bool connecting_ = false;
    bool writing_ = false;
};

enum class InstanceKind : std::uint8_t { master, replica, sentinel };

/// The steps of a failover, in order (SENTINEL_FAILOVER_STATE_*).
enum class Failover : std::uint8_t {
    none,
    wait_start,
    select_replica,
    send_promotion,
    wait_promotion,
    reconfigure_replicas,
};

/// How far a replica has got in following a newly promoted master.
enum class Reconfiguration : std::uint8_t { none, sent, in_progress, done };

struct Instance {
    Instance(Runtime& runtime, TaskGroup& tasks, InstanceKind kind_in, Endpoint endpoint_in);

    bool is(InstanceKind other) const noexcept { return kind == other; }
    bool subjectively_down() const noexcept { return down_since != TimePoint{}; }
    bool connected() const noexcept {
        return commands.connected() && (is(InstanceKind::sentinel) || hellos.connected());
    }
    bool idle() const noexcept { return !subscribing && commands.idle() && hellos.idle(); }

    InstanceKind kind;
    Endpoint endpoint;
    std::string run_id;
    CommandLink commands;
    CommandLink hellos;  ///< the subscription; unused for sentinels

    // Liveness. A zero TimePoint stands for "never" or "not".
    TimePoint ping_pending{};  ///< when the oldest unanswered PING was sent
    TimePoint last_ping{};
    TimePoint last_available{};  ///< last acceptable answer to a PING
    TimePoint last_pong{};
    TimePoint last_publish{};
    TimePoint last_reconnect{};
    TimePoint down_since{};    ///< SDOWN
    TimePoint last_down{};     ///< when SDOWN last began, also after it ended
    TimePoint last_hello{};    ///< of a peer
    bool script_kill_sent = false;  ///< since SDOWN began
    bool subscribing = false;  ///< a fiber is about to subscribe

    // From INFO.
    TimePoint info_asked{};
    TimePoint info_refreshed{};
    bool reports_master = false;
    TimePoint role_reported_at{};
    Endpoint replicates;  ///< whom a replica says it follows
    bool master_link_up = false;
    Duration master_link_down{};
    std::int64_t offset = 0;
    int priority = 100;
    bool promoted = false;
    Reconfiguration reconfiguration = Reconfiguration::none;
    TimePoint reconfiguration_sent{};

    // A peer's answers to is-master-down-by-addr.
    bool says_master_down = false;
    TimePoint down_answer_at{};
    TimePoint down_asked_at{};
    std::string vote;
    std::uint64_t vote_epoch = 0;
};

}  // namespace conclave::servers::redis
