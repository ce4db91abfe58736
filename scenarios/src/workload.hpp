#pragma once

// What a client process does: the body of each of its incarnations.

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "backend.hpp"
#include "conclave/client.hpp"
#include "conclave/coordinator.hpp"
#include "conclave/registry.hpp"
#include "conclave/scenarios/plan.hpp"
#include "conclave/sim/process.hpp"
#include "conclave/sync.hpp"
#include "guarded_work.hpp"
#include "recorder.hpp"

namespace conclave::scenarios {

/// What the run tells its clients, and learns from them besides the history.
struct RunNotes {
    const DriverRegistry& drivers;
    Claims claims = {};
    bool claims_known = false;
    std::map<std::string, std::vector<std::int64_t>> step_begin_ns = {};  ///< by client
};

/// Runs the client's steps from now on; steps whose time passed while it was dead are skipped.
void run_client(sim::Process& process, const Plan& plan, const ClientPlan& client,
                Recorder& recorder, RunNotes& notes);

/// All clients as threads of one process, which share what the first one would have.
void run_threads(sim::Process& process, const Plan& plan, Recorder& recorder, RunNotes& notes);

/// Together with others who do.
inline bool shares(const Step& step) { return step.action == "share"; }
bool all_share(const Plan& plan);

struct WorkloadParts {
    sim::Process& process;
    const std::string& name;  ///< of the client; its process has it too, if it is not a thread
    const Plan& plan;
    Recorder& recorder;
    GuardedWork& work;
};

/// What one kind of workload does at each step.
class Workload {
public:
    explicit Workload(const WorkloadParts& parts)
        : process_(parts.process),
          name_(parts.name),
          plan_(parts.plan),
          recorder_(parts.recorder),
          work_(parts.work) {}
    virtual ~Workload() = default;
    virtual void begin() {}
    virtual void step(const Step& step) = 0;
    virtual void end() {}

protected:
    /// Where there is only one client, nobody stands between it and a lock. The first refusal in a
    /// row may come while a fault that explains it is just over.
    void note_alone(const properties::Operation& operation, bool obtained) {
        refusals_ = obtained ? 0 : refusals_ + 1;
        if (plan_.clients.size() == 1 && refusals_ != 1)
            recorder_.compare(operation, "nobody else locks " + operation.object,
                              obtained ? "it was obtained" : "it was refused again", obtained);
    }

    /// Threads share one member: what refuses a thread may be another one's join.
    void judge_join(const properties::Operation& join, bool joined) {
        if (name_ == process_.name()) recorder_.judge_join(join, joined, membership_lapse(plan_));
    }

    /// Where all share, nobody stands between a client and a lock.
    void note_shared(const properties::Operation& operation, bool obtained) {
        if (all_share(plan_))
            recorder_.compare(operation, "all others share " + operation.object,
                              obtained ? "it was obtained" : "it was refused", obtained);
    }

    /// What one member wrote keeps nobody from reading a group.
    template <class Read>
    auto read_group(const properties::Operation& operation, Read&& read) {
        const std::string claim = operation.object + " can be read";
        try {
            auto members = read();
            recorder_.compare(operation, claim, "it was", true);
            return members;
        } catch (const SerializationError& error) {
            recorder_.compare(operation, claim, error.what(), false);
            throw;
        }
    }

    /// Who has led lets those who wait look twice before it campaigns again: nothing else is fair.
    void give_way() { sleep_for(process_.runtime(), 2 * ClientTimes{}.poll); }

    sim::Process& process_;
    const std::string& name_;
    const Plan& plan_;
    Recorder& recorder_;
    GuardedWork& work_;

private:
    int refusals_ = 0;
};

// Through the seed's face.
std::unique_ptr<Workload> make_lock_workload(WorkloadParts parts, Coordinator& coordinator);
std::unique_ptr<Workload> make_leader_workload(WorkloadParts parts, Coordinator& coordinator);
std::unique_ptr<Workload> make_group_workload(WorkloadParts parts, Coordinator& coordinator);
std::unique_ptr<Workload> make_create_race_workload(WorkloadParts parts, Coordinator& coordinator);
std::unique_ptr<Workload> make_lock_names_workload(WorkloadParts parts, Coordinator& coordinator);
std::unique_ptr<Workload> make_rejoin_workload(WorkloadParts parts, Coordinator& coordinator);
std::unique_ptr<Workload> make_ring_workload(WorkloadParts parts, Coordinator& coordinator);
std::unique_ptr<Workload> make_capabilities_workload(WorkloadParts parts, Coordinator& coordinator);

// Through handles: they do the same, and are looked at.
std::unique_ptr<Workload> make_mutex_workload(WorkloadParts parts, Client& client);
std::unique_ptr<Workload> make_election_workload(WorkloadParts parts, Client& client);
std::unique_ptr<Workload> make_membership_workload(WorkloadParts parts, Client& client);
std::unique_ptr<Workload> make_capabilities_workload(WorkloadParts parts, Client& client);

/// Calls `body` and records how it ended; its text is the result. False after an Error.
bool recorded(Recorder& recorder, properties::Operation& operation,
              const std::function<std::string()>& body);

/// What a read of a leader tells.
std::string to_text(const Leader& leader);

/// Lives of a client, each stopped at the instant and within the length of a step.
void run_shutdowns(sim::Process& process, const Plan& plan, const ClientPlan& client,
                   Recorder& recorder, const std::function<std::unique_ptr<Driver>()>& make_driver);

/// Clients that speak the protocol themselves, for what no driver would do.
void run_wait_trap(sim::Process& process, const Plan& plan, Recorder& recorder);
void run_replica_read(sim::Process& process, const Plan& plan, Recorder& recorder);

}  // namespace conclave::scenarios
