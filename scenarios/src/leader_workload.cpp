#include "workload.hpp"

namespace conclave::scenarios {

namespace {

/// Campaigns for one group; having won, leads for the length of the step and stands down.
class LeaderWorkload final : public Workload {
public:
    LeaderWorkload(const WorkloadParts& parts, Coordinator& coordinator)
        : Workload(parts), coordinator_(coordinator) {}

    void begin() override {
        coordinator_.watch_elected_as_leader(group, [this](const LeaderElected&) { won(); });
        coordinator_.watch_lost_leadership(
            group, [this](const LeadershipLost&) { end_hold(properties::HoldEnd::told_lost); });
    }

    void step(const Step& step) override {
        if (step.action == "who") return who();
        operation_ = &recorder_.call(process_.name(), "campaign", group);
        recorded(recorder_, *operation_, [&] {
            coordinator_.run_elect_coordinator();
            return coordinator_.is_leader(group) ? "leads" : "does not lead";
        });
        if (!hold_) return;
        Runtime& runtime = process_.runtime();
        GuardedWork::Hold work = work_.begin(group, coordinator_.leader_token(group));
        const TimePoint end = saturating_add(runtime.clock.now(), step.length);
        while (coordinator_.is_leader(group) && runtime.clock.now() < end)
            sleep_until(runtime, Deadline(std::min(end, coordinator_.leading_until(group))));
        work.write();
        end_hold(properties::HoldEnd::released);
        properties::Operation& resign = recorder_.call(process_.name(), "resign", group);
        recorded(recorder_, resign, [&] {
            return coordinator_.stand_down_group_leader(group) ? "resigned"
                                                               : "did not lead any more";
        });
        give_way();
    }

private:
    static inline const std::string group = "group";

    void who() {
        properties::Operation& operation = recorder_.call(name_, "who", group);
        recorded(recorder_, operation,
                 [&] { return to_text(coordinator_.get_leader(group).get()); });
    }

    void won() {
        hold_ = &recorder_.open(
            process_, *operation_, coordinator_.leader_token(group), true,
            [&coordinator = coordinator_] { return coordinator.leading_until(group); });
    }
    void end_hold(properties::HoldEnd end) {
        if (hold_) recorder_.close(*std::exchange(hold_, nullptr), end);
    }

    Coordinator& coordinator_;
    properties::Operation* operation_ = nullptr;
    Recorder::OpenHold* hold_ = nullptr;
};

}  // namespace

std::unique_ptr<Workload> make_leader_workload(WorkloadParts parts, Coordinator& coordinator) {
    return std::make_unique<LeaderWorkload>(parts, coordinator);
}

}  // namespace conclave::scenarios
