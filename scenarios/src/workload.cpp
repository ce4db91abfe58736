#include "workload.hpp"

#include "conclave/gate.hpp"

namespace conclave::scenarios {

namespace {

std::string url_of(const Plan& plan) {
    return has_sentinels(plan.driver) ? "redis://sentinel-1:26379" : "redis://redis-1:6379";
}

Options options_of(const Plan& plan) {
    Options options = plan.driver_options;
    if (!has_sentinels(plan.driver)) return options;
    options.emplace("sentinel", "mymaster");
    options.emplace("sentinel_fallback", "sentinel-2:26379");
    options.emplace("sentinel_fallback", "sentinel-3:26379");
    return options;
}

std::unique_ptr<Workload> make_workload(WorkloadParts parts) {
    if (parts.plan.workload == "lock") return make_lock_workload(parts);
    if (parts.plan.workload == "leader") return make_leader_workload(parts);
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

void run_client(sim::Process& process, const Plan& plan, const ClientPlan& client,
                Recorder& recorder, RunNotes& notes) {
    Runtime& runtime = process.runtime();
    recorder.came_back(client.name);
    InlineGate gate(runtime);
    Coordinator coordinator(
        gate, notes.drivers.make(runtime, url_of(plan), client.name, options_of(plan)),
        client.name);
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

}  // namespace conclave::scenarios
