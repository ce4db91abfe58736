#include "workload.hpp"

namespace conclave::scenarios {

namespace {

/// Campaigns for one group; having won, leads for the length of the step and stands down.
class LeaderWorkload final : public Workload {
public:
    explicit LeaderWorkload(WorkloadParts parts) : parts_(parts) {}

    void begin() override {
        parts_.coordinator.watch_elected_as_leader(group, [this](const LeaderElected&) { won(); });
        parts_.coordinator.watch_lost_leadership(
            group, [this](const LeadershipLost&) { end_hold(properties::HoldEnd::told_lost); });
    }

    void step(const Step& step) override {
        auto& [process, plan, recorder, coordinator] = parts_;
        operation_ = &recorder.call(process.name(), "campaign", group);
        recorded(recorder, *operation_, [&] {
            coordinator.run_elect_coordinator();
            return coordinator.is_leader(group) ? "leads" : "does not lead";
        });
        if (!hold_) return;
        Runtime& runtime = process.runtime();
        const TimePoint end = saturating_add(runtime.clock.now(), step.length);
        while (coordinator.is_leader(group) && runtime.clock.now() < end)
            sleep_until(runtime, Deadline(std::min(end, coordinator.leading_until(group))));
        end_hold(properties::HoldEnd::released);
        properties::Operation& resign = recorder.call(process.name(), "resign", group);
        recorded(recorder, resign, [&] {
            return coordinator.stand_down_group_leader(group) ? "resigned" : "did not lead any more";
        });
    }

private:
    static inline const std::string group = "group";

    void won() {
        Coordinator& coordinator = parts_.coordinator;
        hold_ = &parts_.recorder.open(parts_.process, *operation_, coordinator.leader_token(group),
                                      true, [&coordinator] { return coordinator.leading_until(group); });
    }
    void end_hold(properties::HoldEnd end) {
        if (hold_) parts_.recorder.close(*std::exchange(hold_, nullptr), end);
    }

    WorkloadParts parts_;
    properties::Operation* operation_ = nullptr;
    Recorder::OpenHold* hold_ = nullptr;
};

}  // namespace

std::unique_ptr<Workload> make_leader_workload(WorkloadParts parts) {
    return std::make_unique<LeaderWorkload>(parts);
}

}  // namespace conclave::scenarios
