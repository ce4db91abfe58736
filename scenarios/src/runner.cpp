#include "conclave/scenarios/runner.hpp"

#include "backend.hpp"
#include "conclave/scenarios/characteristics.hpp"
#include "deployment.hpp"
#include "explain.hpp"
#include "faults.hpp"
#include "judge.hpp"
#include "plan_check.hpp"

namespace conclave::scenarios {

namespace {

constexpr std::size_t events_shown = 14;

void explain(const Told& told, Judgement& judgement) {
    if (judgement.verdict.outcome != properties::Outcome::violated) return;
    judgement.why = why(judgement.verdict);
    judgement.last_events = last_events(told, judgement.verdict, events_shown);
}

/// Whether the demand for progress is fair: a client that has nothing to do while time runs out, and
/// so no second try, may well end without having got anything done.
bool had_time(const Plan& plan, const properties::Progress& progress) {
    if (progress.first_success_ns != properties::never_ns) return true;
    const Duration quarter = plan.progress_within / 4;
    for (const ClientPlan& client : plan.clients)
        for (const Step& step : client.steps)
            if (client.name == progress.client && step.at >= plan.duration + quarter &&
                step.at <= plan.duration + 3 * quarter)
                return true;
    return false;
}

/// What drivers report of memberships that they left out because of their age.
class LapseObserver final : public Observer {
public:
    explicit LapseObserver(std::optional<CallLog>& calls) : calls_(calls) {}
    void event(const Event& event) noexcept override {
        if (!calls_ || event.component != "file.groups" || event.name != "lapsed") return;
        const std::size_t blank = event.detail.find(' ');
        CallLog::Ended ended{Observed::groups, std::string(event.detail.substr(blank + 1)),
                             std::string(event.detail.substr(0, blank)), "", true};
        ended.cause = "the file of " + ended.name + " was not touched for its timeout";
        calls_->ended(ended);
    }

private:
    std::optional<CallLog>& calls_;
};

/// Runs it, and fills `calls` when it is to be observed, the notes, and what `result` has of a
/// world.
properties::History run_world(const Plan& plan, const RunOptions& options, RunNotes& notes,
                              std::optional<CallLog>& calls, RunResult& result) {
    LapseObserver lapses(calls);
    // Beyond the world: what its processes tell while they end, too.
    sim::World* running = nullptr;
    Moments moments([&running] { return running->now().nanoseconds; }, &lapses);
    sim::WorldOptions world_options;
    world_options.seed = plan.seed;
    world_options.link = plan.link;
    world_options.keep_trace = options.keep_trace;
    world_options.priority_scheduling = plan.priority_scheduling;
    world_options.priority_changes = plan.priority_changes;
    world_options.priority_choices = plan.priority_choices;
    sim::World world(world_options);
    running = &world;
    Recorder recorder(world, moments);
    if (plan.characteristics)
        recorder.observe_with(&calls.emplace([&world] { return world.now().nanoseconds; }));
    Deployment deployment(world, plan, recorder, notes);
    FaultRun faults(world, deployment, plan, recorder);
    faults.schedule();
    world.run_until(sim::at_time(plan.duration));
    result.calls = deployment.calls();
    heal_everything(world, deployment, recorder);
    world.run_until(sim::at_time(plan.duration + plan.progress_within));
    properties::History history = recorder.finish_run(plan.duration.count());
    std::erase_if(history.progress,
                  [&](const properties::Progress& progress) { return !had_time(plan, progress); });
    if (calls) calls->close();
    result.faults = faults.applied();
    result.fault_begin_ns = faults.begin_ns();
    moments.counted("request_lost", world.network().counters().requests_lost);
    moments.counted("reply_lost", world.network().counters().replies_lost);
    for (const auto& [name, times] : moments.counts()) result.milestones.emplace(name, times);
    result.choices = world.choices();
    result.trace_hash = world.trace_hash();
    result.steps = world.steps();
    result.simulated_ns = world.now().nanoseconds;
    if (options.keep_trace) result.trace = world.trace();
    return history;
}

/// The calls of the same run with every timeout ten times as long.
std::optional<CallLog> calls_with_ten_times(Plan plan, const DriverRegistry& drivers) {
    plan.driver_options = backend_of(plan).tenfold(std::move(plan.driver_options));
    RunNotes notes{drivers};
    RunResult unused;
    std::optional<CallLog> calls;
    run_world(plan, {}, notes, calls, unused);
    return calls;
}

}  // namespace

RunResult run_plan(const Plan& plan, RunOptions options) {
    check_targets(plan);
    const DriverRegistry drivers = options.drivers ? *options.drivers : known_drivers();
    RunNotes notes{drivers};
    RunResult result;
    std::optional<CallLog> calls;
    const properties::History history = run_world(plan, options, notes, calls, result);
    if (!options.judged) return result;
    for (const properties::Operation& operation : history.operations) {
        result.operations += operation.status == properties::Status::ok ? 1 : 0;
        result.unknown += operation.status == properties::Status::unknown ? 1 : 0;
    }
    result.judgements = judge(plan, history, calls ? &*calls : nullptr, notes);
    if (calls) result.coverage = coverage_of(*calls);
    if (calls && plan.tenfold) {
        std::optional<CallLog> tenfold = calls_with_ten_times(plan, drivers);
        result.judgements.push_back({judge_tenfold(*calls, *tenfold), false, {}, {}});
    }
    result.step_begin_ns = std::move(notes.step_begin_ns);
    const Told told{plan, history, result.fault_begin_ns, options.marks};
    for (Judgement& judgement : result.judgements) explain(told, judgement);
    return result;
}

}  // namespace conclave::scenarios
