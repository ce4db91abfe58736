// The failover itself, one step a tick (sentinelFailoverStateMachine).

#include <algorithm>
#include <tuple>

#include "state.hpp"

namespace conclave::servers::redis {

void Sentinel::State::advance_failover() {
    switch (failover) {
        case Failover::none: return;
        case Failover::wait_start: return wait_start();
        case Failover::select_replica: return select_replica();
        case Failover::send_promotion: return send_promotion();
        case Failover::wait_promotion: return wait_promotion();
        case Failover::reconfigure_replicas: return reconfigure_replicas();
    }
}

void Sentinel::State::wait_start() {
    if (leader_of(failover_epoch) == file->id) {
        tell("+elected-leader", *master);
        tell("+failover-state-select-slave", *master);
        failover = Failover::select_replica;
        failover_step_at = now();
        return;
    }
    const Duration election_timeout = std::min(election_timeout_max, options.failover_timeout);
    if (now() - failover_started > election_timeout) {
        tell("-failover-abort-not-elected", *master);
        abort_failover();
    }
}

/// Up, recently heard, not cut off from the master for too long; then the smallest priority, the
/// largest offset, the smallest run id.
Instance* Sentinel::State::best_replica() {
    Duration link_down_max = 10 * options.down_after;
    if (master->subjectively_down()) link_down_max += now() - master->down_since;
    const Duration info_age_max =
        master->subjectively_down() ? 5 * Duration(ping_period) : 3 * Duration(info_period);
    Instance* best = nullptr;
    const auto rank = [](const Instance& replica) {
        return std::make_tuple(replica.priority, -replica.offset, replica.run_id);
    };
    for (auto& [endpoint, replica] : replicas) {
        const bool eligible = !replica->subjectively_down() && replica->commands.connected() &&
                              now() - replica->last_available <= 5 * ping_period &&
                              replica->priority != 0 &&
                              now() - replica->info_refreshed <= info_age_max &&
                              replica->master_link_down <= link_down_max;
        if (eligible && (!best || rank(*replica) < rank(*best))) best = replica.get();
    }
    return best;
}

void Sentinel::State::select_replica() {
    chosen = best_replica();
    if (!chosen) {
        tell("-failover-abort-no-good-slave", *master);
        return abort_failover();
    }
    chosen->promoted = true;
    tell("+selected-slave", *chosen);
    tell("+failover-state-send-slaveof-noone", *chosen);
    failover = Failover::send_promotion;
    failover_step_at = now();
}

bool Sentinel::State::send_replicaof(Instance& instance, const Endpoint* new_master) {
    const std::string host = new_master ? new_master->host : "NO";
    const std::string port = new_master ? std::to_string(new_master->port) : "ONE";
    CommandLink& link = instance.commands;
    return link.send({"MULTI"}, {}) && link.send({"SLAVEOF", host, port}, {}) &&
           link.send({"CONFIG", "REWRITE"}, {}) &&
           link.send({"CLIENT", "KILL", "TYPE", "normal"}, {}) &&
           link.send({"CLIENT", "KILL", "TYPE", "pubsub"}, {}) && link.send({"EXEC"}, {});
}

void Sentinel::State::send_promotion() {
    if (!chosen->commands.connected()) {
        if (now() - failover_step_at > options.failover_timeout) give_up_on_chosen();
        return;
    }
    if (!send_replicaof(*chosen, nullptr)) return;
    tell("+failover-state-wait-promotion", *chosen);
    failover = Failover::wait_promotion;
    failover_step_at = now();
}

void Sentinel::State::wait_promotion() {
    // INFO decides (promoted()); here only the time-out.
    if (now() - failover_step_at > options.failover_timeout) give_up_on_chosen();
}

void Sentinel::State::give_up_on_chosen() {
    tell("-failover-abort-slave-timeout", *master);
    abort_failover();
}

void Sentinel::State::promoted() {
    file->config_epoch = failover_epoch;
    failover = Failover::reconfigure_replicas;
    write_down();
    failover_step_at = now();
    observe("sentinel.promoted", to_string(chosen->endpoint));
    tell("+promoted-slave", *chosen);
    tell("+failover-state-reconf-slaves", *master);
    for (Instance* instance : instances()) instance->last_publish = TimePoint{};
}

void Sentinel::State::reconfigure_replicas() {
    const bool out_of_time = now() - failover_step_at > options.failover_timeout;
    bool all_done = true;
    bool one_busy = false;
    for (auto& [endpoint, replica] : replicas) {
        const bool counts = replica.get() != chosen && !replica->subjectively_down();
        if (!counts || replica->reconfiguration == Reconfiguration::done) continue;
        all_done = false;
        one_busy = one_busy || replica->reconfiguration != Reconfiguration::none;
    }
    if (all_done || out_of_time) {
        tell(all_done ? "+failover-end" : "+failover-end-for-timeout", *master);
        return switch_master(chosen->endpoint);
    }
    if (one_busy) return;  // parallel-syncs 1
    for (auto& [endpoint, replica] : replicas) {
        if (replica.get() == chosen || replica->subjectively_down() ||
            replica->reconfiguration != Reconfiguration::none)
            continue;
        if (!send_replicaof(*replica, &chosen->endpoint)) continue;
        replica->reconfiguration = Reconfiguration::sent;
        replica->reconfiguration_sent = now();
        tell("+slave-reconf-sent", *replica);
        return;
    }
}

void Sentinel::State::abort_failover() {
    failover = Failover::none;
    if (chosen) chosen->promoted = false;
    chosen = nullptr;
}

/// sentinelResetMasterAndChangeAddress: everything learnt is forgotten but the addresses; the old
/// master becomes one of the replicas.
void Sentinel::State::switch_master(const Endpoint& endpoint) {
    const Endpoint old = master->endpoint;
    observe("sentinel.switch_master", to_string(old) + " -> " + to_string(endpoint));
    tell("+switch-master", options.master_name + " " + old.host + " " + std::to_string(old.port) +
                               " " + endpoint.host + " " + std::to_string(endpoint.port));
    std::vector<Endpoint> known{old};
    for (auto& [address, replica] : replicas) known.push_back(address);
    for (Instance* instance : instances()) {
        if (instance->is(InstanceKind::sentinel)) continue;
        instance->commands.disconnect();
        instance->hellos.disconnect();
    }
    retired.push_back(std::move(master));
    for (auto& [address, replica] : replicas) retired.push_back(std::move(replica));
    replicas.clear();
    chosen = nullptr;
    failover = Failover::none;
    objectively_down_since = TimePoint{};
    failover_started = TimePoint{};
    for (auto& [run_id, peer] : peers) {
        peer->says_master_down = false;
        peer->vote.clear();
    }
    master = std::make_unique<Instance>(runtime, tasks, InstanceKind::master, endpoint);
    for (const Endpoint& address : known) add_replica(address);
    write_down();
}

}  // namespace conclave::servers::redis
