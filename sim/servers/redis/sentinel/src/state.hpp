#pragma once

// The sentinel's whole state and the parts of its algorithm, one .cpp file each.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "conclave/servers/redis/sentinel.hpp"
#include "instance.hpp"

namespace conclave::servers::redis {

/// The steps of a failover, in order (SENTINEL_FAILOVER_STATE_*).
enum class Failover : std::uint8_t {
    none,
    wait_start,
    select_replica,
    send_promotion,
    wait_promotion,
    reconfigure_replicas,
};

struct Sentinel::State {
    State(Runtime& runtime_in, SentinelOptions options_in);

    // monitor.cpp: the 10 Hz timer and the periodic commands.
    void tick();
    bool in_tilt();
    void keep_connected(Instance& instance);
    void send_periodic(Instance& instance);
    void check_subjectively_down(Instance& instance);
    void subscribe(Instance& instance);
    std::vector<Instance*> instances();

    // info.cpp: what INFO says, and what follows from it.
    void on_info(Instance& instance, const std::string& text);
    void demote_returned_master(Instance& replica);
    void follow_right_master(Instance& replica);
    bool master_looks_sane() const;
    bool not_down_for(const Instance& instance, Duration length) const;
    void add_replica(const Endpoint& endpoint);

    // hello.cpp: gossip.
    void publish_hello(Instance& instance);
    void on_hello(const std::string& text);

    // election.cpp: agreeing that the master is down, and who acts.
    void check_objectively_down();
    void ask_peers(bool forced);
    void start_failover_if_needed();
    void start_failover();
    std::string vote(std::uint64_t epoch, const std::string& candidate, std::uint64_t& vote_epoch);
    std::string leader_of(std::uint64_t epoch);

    // failover.cpp: promotion and reconfiguration.
    void advance_failover();
    void wait_start();
    void select_replica();
    void send_promotion();
    void wait_promotion();
    void promoted();
    void reconfigure_replicas();
    void abort_failover();
    void switch_master(const Endpoint& endpoint);
    Instance* best_replica();
    bool send_replicaof(Instance& instance, const Endpoint* master_or_none);

    // commands.cpp: what clients and peers ask.
    void serve(std::shared_ptr<Connection> connection);
    resp::Reply answer(const std::vector<std::string>& arguments);
    resp::Reply answer_sentinel(const std::vector<std::string>& arguments);
    resp::Reply answer_is_master_down(const std::vector<std::string>& arguments);
    resp::Reply describe(const Instance& instance) const;
    void broadcast(const std::string& channel, const std::string& text);

    TimePoint now() const { return runtime.clock.now(); }
    Endpoint current_master() const;
    void observe(std::string_view name, const std::string& detail) const;
    std::uint64_t below(std::uint64_t bound) { return runtime.random.next() % bound; }

    Runtime& runtime;
    SentinelOptions options;
    TaskGroup tasks;
    std::string id;  ///< 40 hex digits, fresh for each start

    std::unique_ptr<Instance> master;
    std::map<Endpoint, std::unique_ptr<Instance>> replicas;
    std::map<std::string, std::unique_ptr<Instance>> peers;  ///< by run id
    /// Replaced instances: their links' fibers may still be running.
    std::vector<std::unique_ptr<Instance>> retired;

    std::uint64_t current_epoch = 0;
    std::uint64_t config_epoch = 0;
    bool objectively_down = false;
    std::string voted_for;
    std::uint64_t voted_epoch = 0;

    Failover failover = Failover::none;
    std::uint64_t failover_epoch = 0;
    TimePoint failover_started{};
    TimePoint failover_step_at{};
    Instance* chosen = nullptr;  ///< the replica being promoted

    WallTime last_tick{};
    TimePoint tilt_since{};
    bool tilt = false;

    struct Subscriber {
        std::shared_ptr<Connection> connection;
        std::vector<std::string> patterns;  ///< a channel name, or a pattern ending in '*'
    };
    std::vector<std::shared_ptr<Subscriber>> subscribers;
};

// Periods of sentinel.c.
inline constexpr Duration ping_period = std::chrono::seconds(1);
inline constexpr Duration info_period = std::chrono::seconds(10);
inline constexpr Duration publish_period = std::chrono::seconds(2);
inline constexpr Duration ask_period = std::chrono::seconds(1);
inline constexpr Duration election_timeout_max = std::chrono::seconds(10);
inline constexpr std::uint64_t start_delay_max_ms = 1000;

}  // namespace conclave::servers::redis
