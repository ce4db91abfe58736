// What tooz's file driver gets wrong besides locks, members and leaders: two creators of one group
// that both succeed, and lock names that lead out of the folder or into a group.

#include <algorithm>

#include "workload.hpp"

namespace conclave::scenarios {

namespace {

using properties::Comparison;

/// Every client creates the group that its step names.
class CreateRaceWorkload final : public Workload {
public:
    using Workload::Workload;

    void step(const Step& step) override {
        properties::Operation& operation = recorder_.call(process_.name(), "create", step.object);
        const bool created = recorded(recorder_, operation, [&] {
            coordinator_.create_group(step.object);
            return "created";
        });
        if (!created) return;
        std::vector<Comparison>& all = recorder_.history().comparisons;
        const auto others = std::ranges::count(all, step.object, &Comparison::object);
        all.push_back({process_.name(), step.object, "it created " + step.object,
                       std::to_string(others) + " others had created it before", others == 0,
                       recorder_.now()});
    }
};

/// Every client tries to lock names that must be refused.
class LockNamesWorkload final : public Workload {
public:
    using Workload::Workload;

    void step(const Step& step) override {
        properties::Operation& operation = recorder_.call(process_.name(), "acquire", step.object);
        const bool granted = recorded(recorder_, operation, [&] {
            return coordinator_.get_lock(step.object)->acquire(false) ? "granted" : "held";
        });
        recorder_.history().comparisons.push_back(
            {process_.name(), step.object, "lock '" + step.object + "' is refused",
             granted ? "it was granted" : operation.result, !granted, recorder_.now()});
    }
};

}  // namespace

std::unique_ptr<Workload> make_create_race_workload(WorkloadParts parts) {
    return std::make_unique<CreateRaceWorkload>(parts);
}
std::unique_ptr<Workload> make_lock_names_workload(WorkloadParts parts) {
    return std::make_unique<LockNamesWorkload>(parts);
}

}  // namespace conclave::scenarios
