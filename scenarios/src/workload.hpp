#pragma once

// What a client process does: the body of each of its incarnations.

#include <functional>

#include "conclave/coordinator.hpp"
#include "conclave/registry.hpp"
#include "conclave/scenarios/plan.hpp"
#include "conclave/sim/process.hpp"
#include "conclave/sync.hpp"
#include "recorder.hpp"

namespace conclave::scenarios {

/// What the run tells its clients, and learns from them besides the history.
struct RunNotes {
    const DriverRegistry& drivers;
    Claims claims = {};
    bool claims_known = false;
};

/// Runs the client's steps from now on; steps whose time passed while it was dead are skipped.
void run_client(sim::Process& process, const Plan& plan, const ClientPlan& client,
                Recorder& recorder, RunNotes& notes);

struct WorkloadParts {
    sim::Process& process;
    const Plan& plan;
    Recorder& recorder;
    Coordinator& coordinator;
};

/// What one kind of workload does at each step.
class Workload {
public:
    explicit Workload(const WorkloadParts& parts)
        : process_(parts.process),
          plan_(parts.plan),
          recorder_(parts.recorder),
          coordinator_(parts.coordinator) {}
    virtual ~Workload() = default;
    virtual void begin() {}
    virtual void step(const Step& step) = 0;
    virtual void end() {}

protected:
    sim::Process& process_;
    const Plan& plan_;
    Recorder& recorder_;
    Coordinator& coordinator_;
};

std::unique_ptr<Workload> make_lock_workload(WorkloadParts parts);
std::unique_ptr<Workload> make_leader_workload(WorkloadParts parts);
std::unique_ptr<Workload> make_group_workload(WorkloadParts parts);
std::unique_ptr<Workload> make_create_race_workload(WorkloadParts parts);
std::unique_ptr<Workload> make_lock_names_workload(WorkloadParts parts);

/// Calls `body` and records how it ended; its text is the result. False after an Error.
bool recorded(Recorder& recorder, properties::Operation& operation,
              const std::function<std::string()>& body);

/// Clients that speak the protocol themselves, for what no driver would do.
void run_wait_trap(sim::Process& process, const Plan& plan, Recorder& recorder);
void run_replica_read(sim::Process& process, const Plan& plan, Recorder& recorder);

}  // namespace conclave::scenarios
