#include "conclave/scenarios/runner.hpp"

#include "backend.hpp"
#include "conclave/scenarios/characteristics.hpp"
#include "deployment.hpp"
#include "explain.hpp"
#include "faults.hpp"
#include "judge.hpp"
#include "plan_check.hpp"
#include "snapshot.hpp"

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

/// Goes on to `limit`; true when the run is cut off before that, or there.
bool cut_off_before(sim::World& world, Duration limit, const RunOptions& options) {
    const sim::WorldTime end = sim::at_time(options.until ? std::min(*options.until, limit) : limit);
    const auto goes_on = [&] { return world.trace().count() < options.until_event; };
    if (options.until_event != 0 && world.run_while(goes_on, end)) return true;
    world.run_until(end);
    return options.until && *options.until <= limit;
}

/// Both phases of a run; true when it was cut off in one of them.
bool run_phases(sim::World& world, const Plan& plan, Deployment& deployment, Recorder& recorder,
                const RunOptions& options, RunResult& result) {
    if (cut_off_before(world, plan.duration, options)) return true;
    result.calls = deployment.calls();
    heal_everything(world, deployment, recorder);
    return cut_off_before(world, plan.duration + plan.progress_within, options);
}

/// While what they tell can still be written down.
void kill_all(const Deployment& deployment) {
    for (const auto& [name, host] : deployment.hosts())
        for (sim::Process* const process : host->processes()) process->crash();
}

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
    if (run_phases(world, plan, deployment, recorder, options, result))
        result.stopped = take_snapshot(world, plan, deployment, recorder, faults);
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
    result.events = world.trace().count();
    result.simulated_ns = world.now().nanoseconds;
    if (options.keep_trace) result.trace = world.trace();
    if (result.stopped) kill_all(deployment);
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

void judge_run(const Plan& plan, const properties::History& history, std::optional<CallLog>& calls,
               const RunOptions& options, RunNotes& notes, RunResult& result) {
    for (const properties::Operation& operation : history.operations) {
        result.operations += operation.status == properties::Status::ok ? 1 : 0;
        result.unknown += operation.status == properties::Status::unknown ? 1 : 0;
    }
    result.judgements = judge(plan, history, calls ? &*calls : nullptr, notes);
    if (calls) result.coverage = coverage_of(*calls);
    if (calls && plan.tenfold) {
        std::optional<CallLog> tenfold = calls_with_ten_times(plan, notes.drivers);
        result.judgements.push_back({judge_tenfold(*calls, *tenfold), false, {}, {}});
    }
    result.step_begin_ns = std::move(notes.step_begin_ns);
    const Told told{plan, history, result.fault_begin_ns, options.marks};
    for (Judgement& judgement : result.judgements) explain(told, judgement);
}

}  // namespace

RunResult run_plan(const Plan& plan, RunOptions options) {
    check_targets(plan);
    const DriverRegistry drivers = options.drivers ? *options.drivers : known_drivers();
    RunNotes notes{drivers};
    RunResult result;
    std::optional<CallLog> calls;
    properties::History history = run_world(plan, options, notes, calls, result);
    if (options.judged && !result.stopped)
        judge_run(plan, history, calls, options, notes, result);
    if (options.keep_history) result.history = std::move(history);
    return result;
}

}  // namespace conclave::scenarios
