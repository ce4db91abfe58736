// Clients that are stopped while everything goes on: stop() keeps its limit, and is the end.

#include <algorithm>

#include "shutdown_life.hpp"
#include "workload.hpp"

namespace conclave::scenarios {

namespace {

using std::chrono::milliseconds;

/// What timers and a rounded clock may add to a limit.
constexpr Duration timer_slack = milliseconds(1);
/// Two glances of a user: until then it notices that the stop has returned.
constexpr Duration patience = milliseconds(150);
/// How long a stop waits for a callback that is to do it.
constexpr Duration callback_patience = milliseconds(1500);

/// For how long a client stood still between two instants of the run.
std::int64_t stood_still_ns(const Plan& plan, const std::string& client, std::int64_t from_ns,
                            std::int64_t to_ns) {
    std::int64_t sum = 0;
    for (const Fault& fault : plan.faults) {
        if (fault.action != FaultAction::pause || !std::ranges::count(fault.a, client)) continue;
        const std::int64_t begin = std::max(from_ns, fault.at.count());
        const std::int64_t end = std::min(to_ns, (fault.at + fault.length).count());
        sum += std::max<std::int64_t>(0, end - begin);
    }
    return sum;
}

std::string seconds_of(Duration length) {
    return std::to_string(std::chrono::duration<double>(length).count()) + " s";
}

class Shutdowns {
public:
    Shutdowns(sim::Process& process, const ClientPlan& client, const Plan& plan,
              Recorder& recorder, std::function<std::unique_ptr<Driver>()> make_driver)
        : process_(process),
          client_(client),
          plan_(plan),
          recorder_(recorder),
          make_driver_(std::move(make_driver)) {}

    /// A life until `step.at`, when it is stopped within `step.length`.
    void run(const Step& step) {
        TaskGroup users(process_.runtime().scheduler);
        TaskGroup stops(process_.runtime().scheduler);
        InlineGate gate(process_.runtime());
        const std::unique_ptr<ShutdownLife> life = begin(gate);
        if (!life) return;
        life->spawn_users(users);
        sleep_until(process_.runtime(), Deadline(process_.to_local(sim::at_time(step.at))));
        begin_stops(*life, step, stops);
        stops.join();
        properties::Operation& operation = recorder_.call(client_.name, "end", client_.name);
        // One that ran out of time beside another may return before that has ended the beliefs.
        compare(operation, "nothing is believed after all stops",
                life->believes() ? "a handle is valid" : "no handle is valid", !life->believes());
        end_users(users, operation);
        sleep_for(process_.runtime(), patience);
        compare(operation, "no callback begins after a stop",
                std::to_string(life->callbacks->after_stop()) + " did",
                life->callbacks->after_stop() == 0);
        recorded(recorder_, operation, [] { return "ended"; });
    }

private:
    Runtime& runtime() { return process_.runtime(); }

    std::unique_ptr<ShutdownLife> begin(Gate& gate) {
        for (;;) {
            auto life = client_.handles
                            ? live_with_handles(gate, runtime(), client_.name, process_.tasks())
                            : live_with_coordinator(gate, runtime(), client_.name);
            properties::Operation& operation = recorder_.call(client_.name, "start", client_.name);
            const bool started = recorded(recorder_, operation, [&] {
                life->start(make_driver_());
                return "started";
            });
            if (started) return life;
            if (!sleep_for(runtime(), milliseconds(500))) return nullptr;
        }
    }

    /// By one who is outside, by two at once, or by a callback, if one comes in time.
    void begin_stops(ShutdownLife& life, const Step& step, TaskGroup& stops) {
        const auto stop_once = [this, &life, limit = step.length] { stop(life, limit); };
        const std::int64_t kind = step.length.count() % 4;
        if (kind >= 2) {
            Latch ended(runtime().scheduler);
            life.callbacks->arm([&] {
                stop_once();
                ended.set();
            });
            const TimePoint end = runtime().after(callback_patience).at();
            while (life.callbacks->armed() && runtime().clock.now() < end)
                if (!sleep_for(runtime(), milliseconds(10))) break;
            if (!life.callbacks->disarm()) {
                ended.wait(Deadline::never());
                return;
            }
        }
        stops.spawn(stop_once);
        if (kind == 1) stops.spawn(stop_once);
    }

    void stop(ShutdownLife& life, Duration limit) {
        properties::Operation& operation = recorder_.call(client_.name, "stop", client_.name);
        recorded(recorder_, operation, [&] {
            stop_in_time(life, operation, limit);
            return "stopped";
        });
    }

    void stop_in_time(ShutdownLife& life, properties::Operation& operation, Duration limit) {
        const std::int64_t begun_ns = recorder_.now();
        const TimePoint begun = runtime().clock.now();
        const StopReport report = life.stop(limit);
        life.callbacks->note_stopped();
        const Duration still(
            stood_still_ns(plan_, client_.name, begun_ns, recorder_.now()));
        const Duration took = runtime().clock.now() - begun - still;
        compare(operation, "a stop of " + seconds_of(limit) + " returns by then",
                "it took " + seconds_of(took), took <= limit + timer_slack);
        compare(operation, "a stop that had time left leaves nothing running",
                std::to_string(report.still_running.size()) + " are",
                report.still_running.empty() || took + timer_slack >= limit || still.count() > 0);
    }

    void end_users(TaskGroup& users, properties::Operation& operation) {
        const TimePoint begun = runtime().clock.now();
        const std::int64_t begun_ns = recorder_.now();
        const auto waited = [&] {
            return runtime().clock.now() - begun -
                   Duration(stood_still_ns(plan_, client_.name, begun_ns, recorder_.now()));
        };
        while (users.size() > 0 && waited() < patience)
            if (!sleep_for(runtime(), milliseconds(10))) break;
        compare(operation, calls_end_claim,
                std::to_string(users.size()) + " are", users.size() == 0);
        users.cancel();
        users.join();
    }

    void compare(const properties::Operation& operation, std::string claim, std::string fact,
                 bool agree) {
        recorder_.compare(operation, std::move(claim), std::move(fact), agree);
    }

    sim::Process& process_;
    const ClientPlan& client_;
    const Plan& plan_;
    Recorder& recorder_;
    const std::function<std::unique_ptr<Driver>()> make_driver_;
};

}  // namespace

void run_shutdowns(sim::Process& process, const Plan& plan, const ClientPlan& client,
                   Recorder& recorder,
                   const std::function<std::unique_ptr<Driver>()>& make_driver) {
    Shutdowns shutdowns(process, client, plan, recorder, make_driver);
    const std::int64_t begun_ns = recorder.now();
    for (const Step& step : client.steps)
        if (step.at.count() >= begun_ns) shutdowns.run(step);
}

}  // namespace conclave::scenarios
