#include "conclave/scenarios/runner.hpp"

#include "conclave/drivers/all_drivers.hpp"
#include "deployment.hpp"
#include "explain.hpp"
#include "faults.hpp"
#include "judge.hpp"

namespace conclave::scenarios {

namespace {

constexpr std::size_t events_shown = 14;

void explain(const Plan& plan, const properties::History& history, Judgement& judgement) {
    if (judgement.verdict.outcome != properties::Outcome::violated) return;
    judgement.why = why(judgement.verdict);
    judgement.last_events = last_events(plan, history, judgement.verdict, events_shown);
}

}  // namespace

RunResult run_plan(const Plan& plan, RunOptions options) {
    check_targets(plan);
    const DriverRegistry drivers = options.drivers ? *options.drivers : all_drivers();
    RunNotes notes{drivers};
    RunResult result;
    sim::WorldOptions world_options;
    world_options.seed = plan.seed;
    world_options.link = plan.link;
    world_options.keep_trace = options.keep_trace;
    world_options.priority_scheduling = plan.priority_scheduling;
    properties::History history;
    {
        sim::World world(world_options);
        Recorder recorder(world);
        Deployment deployment(world, plan, recorder, notes);
        schedule_faults(world, deployment, plan, recorder, result.faults);
        world.run_until(sim::at_time(plan.duration));
        heal_everything(world, deployment);
        world.run_until(sim::at_time(plan.duration + plan.progress_within));
        history = recorder.finish_run(plan.duration.count());
        result.trace_hash = world.trace_hash();
        result.steps = world.steps();
        result.simulated_ns = world.now().nanoseconds;
        if (options.keep_trace) result.trace = world.trace();
    }
    for (const properties::Operation& operation : history.operations) {
        result.operations += operation.status == properties::Status::ok ? 1 : 0;
        result.unknown += operation.status == properties::Status::unknown ? 1 : 0;
    }
    result.judgements = judge(plan, history, notes);
    for (Judgement& judgement : result.judgements) explain(plan, history, judgement);
    return result;
}

}  // namespace conclave::scenarios
