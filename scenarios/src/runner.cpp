#include "conclave/scenarios/runner.hpp"

#include <algorithm>

#include "conclave/drivers/all_drivers.hpp"
#include "deployment.hpp"
#include "faults.hpp"
#include "judge.hpp"

namespace conclave::scenarios {

namespace {

constexpr std::size_t events_shown = 12;

void add_fault_lines(const Plan& plan, std::int64_t until_ns, std::vector<std::string>& lines) {
    for (const Fault& fault : plan.faults) {
        if (fault.at.count() > until_ns) continue;
        std::string line = "fault " + std::string(to_string(fault.action)) + " at " +
                           to_text(std::chrono::duration_cast<std::chrono::milliseconds>(fault.at)) +
                           " for " +
                           to_text(std::chrono::duration_cast<std::chrono::milliseconds>(fault.length)) +
                           ":";
        for (const std::string& host : fault.a) line += " " + host;
        if (!fault.b.empty()) line += " |";
        for (const std::string& host : fault.b) line += " " + host;
        lines.push_back(std::move(line));
    }
}

void explain(const Plan& plan, const properties::History& history, RunResult& result) {
    for (const Judgement& judgement : result.judgements) {
        const properties::Verdict& verdict = judgement.verdict;
        if (verdict.outcome != properties::Outcome::violated) continue;
        add_fault_lines(plan, verdict.at_ns, result.last_events);
        constexpr std::size_t faults_shown = 4;
        if (result.last_events.size() > faults_shown)
            result.last_events.erase(result.last_events.begin(),
                                     result.last_events.end() - faults_shown);
        for (std::string& line : last_events(history, verdict, events_shown))
            result.last_events.push_back(std::move(line));
        return;
    }
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
    explain(plan, history, result);
    return result;
}

}  // namespace conclave::scenarios
