#include "workload.hpp"

#include "backend.hpp"
#include "conclave/gate.hpp"

namespace conclave::scenarios {

namespace {

/// Every process opens its backend twice, and each of the two takes the process's steps.
constexpr std::string_view lock_twice = "lock_twice";

std::unique_ptr<Workload> make_workload(WorkloadParts parts) {
    if (parts.plan.workload == "lock") return make_lock_workload(parts);
    if (parts.plan.workload == "leader") return make_leader_workload(parts);
    if (parts.plan.workload == lock_twice) return make_lock_workload(parts);
    if (parts.plan.workload == "create_race") return make_create_race_workload(parts);
    if (parts.plan.workload == "lock_names") return make_lock_names_workload(parts);
    return make_group_workload(parts);
}

/// The backend may be unreachable when the process starts: it tries until it is.
bool start_until_up(Coordinator& coordinator, Runtime& runtime) {
    for (;;) {
        try {
            coordinator.start(true);
            return true;
        } catch (const Error&) {
            if (!sleep_for(runtime, std::chrono::milliseconds(500))) return false;
        }
    }
}

}  // namespace

bool recorded(Recorder& recorder, properties::Operation& operation,
              const std::function<std::string()>& body) {
    std::string result;
    properties::Status status = properties::Status::ok;
    try {
        result = body();
    } catch (const Error& error) {
        result = error.what();
        status = error.effect() == Effect::none ? properties::Status::failed
                                                : properties::Status::unknown;
    }
    recorder.finish(operation, status, std::move(result));
    return status == properties::Status::ok;
}

namespace {

void run_steps(sim::Process& process, const Plan& plan, const ClientPlan& client,
               const Access& access, Recorder& recorder, RunNotes& notes) {
    Runtime& runtime = process.runtime();
    InlineGate gate(runtime);
    Coordinator coordinator(
        gate, notes.drivers.make(runtime, access.url, client.name, access.options), client.name);
    if (!notes.claims_known) notes.claims = coordinator.claims();
    notes.claims_known = true;
    if (!start_until_up(coordinator, runtime)) return;
    const std::unique_ptr<Workload> workload =
        make_workload({process, plan, recorder, coordinator});
    workload->begin();
    const std::int64_t begun_ns = recorder.now();
    for (const Step& step : client.steps) {
        const bool missed_while_dead =
            process.incarnation() > 1 && step.at.count() < begun_ns;
        if (missed_while_dead) continue;
        sleep_until(runtime, Deadline(process.to_local(sim::at_time(step.at))));
        workload->step(step);
    }
    workload->end();
    coordinator.stop();
}

}  // namespace

void run_client(sim::Process& process, const Plan& plan, const ClientPlan& client,
                Recorder& recorder, RunNotes& notes) {
    const Backend& backend = backend_of(plan);
    recorder.came_back(client.name);
    if (plan.workload == lock_twice)
        process.tasks().spawn([&process, &plan, &client, &recorder, &notes,
                               access = backend.second_access(plan)] {
            run_steps(process, plan, client, access, recorder, notes);
        });
    run_steps(process, plan, client, backend.access(plan), recorder, notes);
}

}  // namespace conclave::scenarios
