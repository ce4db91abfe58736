#pragma once

// The sentinel's whole state and the parts of its algorithm, one .cpp file each.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "conclave/servers/redis/sentinel.hpp"
#include "engine/engine.hpp"
#include "engine/reply_writer.hpp"
#include "instance.hpp"
#include "periods.hpp"

namespace conclave::servers::redis {

class SentinelClient;

struct Sentinel::State final : Supervisor {
    State(Runtime& runtime_in, SentinelOptions options_in, std::shared_ptr<SentinelFile> file_in);

    // monitor.cpp: the 10 Hz timer and the periodic commands.
    void tick();
    bool in_tilt();
    void keep_connected(Instance& instance);
    void send_periodic(Instance& instance);
    void check_subjectively_down(Instance& instance);
    void kill_busy_script(Instance& instance, const resp::Reply& pong);
    void subscribe(Instance& instance);
    std::vector<Instance*> instances();
    void forget_retired();

    // info.cpp: what INFO says, and what follows from it.
    void on_info(Instance& instance, const std::string& text);
    void demote_returned_master(Instance& replica);
    void follow_right_master(Instance& replica);
    bool master_looks_sane() const;
    bool not_down_for(const Instance& instance, Duration length) const;
    void add_replica(const Endpoint& endpoint);

    // hello.cpp: gossip.
    void publish_hello(Instance& instance);
    void on_hello(std::string_view text);
    void add_peer(const std::string& id, const Endpoint& endpoint);
    void retire_peers_at(const Endpoint& endpoint);

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
    void give_up_on_chosen();
    void abort_failover();
    void switch_master(const Endpoint& endpoint);
    Instance* best_replica();
    bool send_replicaof(Instance& instance, const Endpoint* master_or_none);

    // commands.cpp: what clients and peers ask.
    void execute(Session& session, Arguments arguments);
    bool knows_master(ReplyWriter& reply, std::string_view name) const;
    void answer_id(ReplyWriter& reply, Arguments arguments);
    void answer_role(ReplyWriter& reply, Arguments arguments);
    void answer_publish(ReplyWriter& reply, Arguments arguments);
    void answer_address(ReplyWriter& reply, Arguments arguments);
    void answer_quorum(ReplyWriter& reply, Arguments arguments);
    void answer_is_master_down(ReplyWriter& reply, Arguments arguments);
    struct OwnCommand;

    // description.cpp: what it tells of what it knows.
    /// 0 for a moment that has not come.
    std::int64_t ms_since(TimePoint moment) const;
    std::string flags(const Instance& instance) const;
    std::string name_of(const Instance& instance) const;
    void describe(ReplyWriter& reply, const Instance& instance) const;
    void answer_masters(ReplyWriter& reply, Arguments arguments);
    void answer_master(ReplyWriter& reply, Arguments arguments);
    void answer_replicas(ReplyWriter& reply, Arguments arguments);
    void answer_sentinels(ReplyWriter& reply, Arguments arguments);
    void answer_info(ReplyWriter& reply, Arguments arguments);
    /// Tells the subscribers of `channel`.
    void tell(std::string_view channel, const std::string& text);
    void tell(std::string_view channel, const Instance& instance, const std::string& more = {});

    // configuration.cpp: what outlives the process.
    void write_down();
    void advance_epoch(std::uint64_t epoch);

    // Supervisor. A sentinel has no data and no role; CLIENT PAUSE is not modelled.
    void follow(const Endpoint* leader) override;
    void write_config() override;
    void kill(Session& session) override;
    void wake(Session& session) override;
    void pause(std::int64_t until, bool writes_only) override;

    TimePoint now() const { return runtime.clock.now(); }
    Endpoint current_master() const;
    void observe(std::string_view name, const std::string& detail) const;
    std::uint64_t below(std::uint64_t bound) { return runtime.random.next() % bound; }

    bool objectively_down() const noexcept { return objectively_down_since != TimePoint{}; }
    std::int64_t wall_ms() const { return runtime.wall_clock.now().nanoseconds / 1'000'000; }

    Runtime& runtime;
    SentinelOptions options;
    std::shared_ptr<SentinelFile> file;
    Engine engine;  ///< of connections and subscriptions; its keys stay empty

    std::unique_ptr<Instance> master;
    std::map<Endpoint, std::unique_ptr<Instance>> replicas;
    std::map<std::string, std::unique_ptr<Instance>> peers;  ///< by run id
    /// Replaced instances: their links' fibers may still be running.
    std::vector<std::unique_ptr<Instance>> retired;

    TimePoint objectively_down_since{};
    std::string voted_for;  ///< in file->voted_epoch; empty after a restart

    Failover failover = Failover::none;
    std::uint64_t failover_epoch = 0;
    TimePoint failover_started{};
    TimePoint failover_step_at{};
    Instance* chosen = nullptr;  ///< the replica being promoted

    WallTime last_tick{};
    TimePoint tilt_since{};
    bool tilt = false;

    std::map<std::uint64_t, SentinelClient*> clients;
    std::uint64_t last_client_id = 2;  ///< the real one's first client is number 3
    TaskGroup tasks;                   ///< last: its fibers use all of the above
};

}  // namespace conclave::servers::redis
