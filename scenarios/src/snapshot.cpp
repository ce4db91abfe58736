#include "snapshot.hpp"

#include <algorithm>

#include "explain.hpp"

namespace conclave::scenarios {

namespace {

using properties::never_ns;

std::string state_of(sim::Process& process) {
    sim::Host& host = process.host();
    if (!host.powered()) return "dead, its host has no power";
    if (!process.alive()) return "dead";
    if (host.suspended()) return "stopped, its host is suspended";
    return process.paused() ? "paused" : "runs";
}

void add_processes(const Deployment& deployment, Snapshot& snapshot) {
    for (const auto& [name, host] : deployment.hosts())
        for (sim::Process* const process : host->processes())
            snapshot.processes.push_back(
                {process->name(), state_of(*process), process->incarnation()});
}

/// When belief ends in world time; a time before now when it is over.
std::int64_t end_of(const sim::Process& process, TimePoint until) {
    if (until == TimePoint::min()) return 0;
    return until == TimePoint::max() ? never_ns : process.to_world(until).nanoseconds;
}

void add_beliefs(const Recorder& recorder, Snapshot& snapshot) {
    for (const Recorder::OpenHold& open : recorder.open_holds()) {
        const std::int64_t until_ns = end_of(*open.process, open.until());
        if (until_ns <= snapshot.at_ns) continue;
        snapshot.beliefs.push_back({open.hold.client, open.hold.object, open.hold.token,
                                    open.leadership, open.hold.begin_ns, until_ns});
    }
    for (const Recorder::OpenPresence& open : recorder.open_presences()) {
        const std::int64_t until_ns = end_of(*open.process, open.until());
        if (until_ns <= snapshot.at_ns) continue;
        snapshot.memberships.push_back(
            {open.presence.member, open.presence.group, open.presence.begin_ns, until_ns});
    }
}

void add_open_operations(const Deployment& deployment, const Recorder& recorder,
                         Snapshot& snapshot) {
    for (const properties::Operation& operation : recorder.operations()) {
        if (operation.return_ns != never_ns) continue;
        const std::vector<sim::Process*> processes = deployment.target(operation.client).processes;
        // What a process had asked before it died has nobody left who waits for it.
        const auto waits = [&](const sim::Process* process) {
            return process->alive() && recorder.last_death_ns(process->name()) < operation.call_ns;
        };
        if (std::any_of(processes.begin(), processes.end(), waits))
            snapshot.open.push_back(operation);
    }
}

void add_faults(const Plan& plan, const FaultRun& faults, Snapshot& snapshot) {
    if (snapshot.healed) return;
    for (std::size_t i = 0; i < plan.faults.size(); ++i) {
        const std::int64_t begin_ns = faults.begin_ns()[i];
        if (begin_ns == never_ns) continue;
        const std::int64_t end_ns = end_of_fault(plan, plan.faults[i], begin_ns);
        if (end_ns > snapshot.at_ns || begin_ns == snapshot.at_ns)
            snapshot.faults.push_back({describe(plan.faults[i]), begin_ns, end_ns});
    }
}

}  // namespace

Snapshot take_snapshot(const sim::World& world, const Plan& plan, const Deployment& deployment,
                       const Recorder& recorder, const FaultRun& faults) {
    Snapshot snapshot;
    snapshot.at_ns = world.now().nanoseconds;
    snapshot.events = world.trace().count();
    snapshot.healed = snapshot.at_ns > plan.duration.count();
    add_processes(deployment, snapshot);
    add_beliefs(recorder, snapshot);
    add_open_operations(deployment, recorder, snapshot);
    add_faults(plan, faults, snapshot);
    return snapshot;
}

}  // namespace conclave::scenarios
