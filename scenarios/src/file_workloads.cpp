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
            coordinator_.create_group(step.object).get();
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

/// Every client tries to lock names that must be refused, and between them one that must not.
class LockNamesWorkload final : public Workload {
public:
    using Workload::Workload;

    void step(const Step& step) override {
        const std::string answer = attempt(step.object);
        recorder_.history().comparisons.push_back(
            {process_.name(), step.object, "lock '" + step.object + "' is refused",
             "the driver said: " + answer, answer == "refused", recorder_.now()});
        const std::string plain = attempt("plain-" + process_.name());
        recorder_.history().comparisons.push_back(
            {process_.name(), "plain", "a plain name is granted", "the driver said: " + plain,
             plain == "granted", recorder_.now()});
    }

private:
    std::string attempt(const std::string& name) {
        properties::Operation& operation = recorder_.call(process_.name(), "acquire", name);
        std::string answer;
        recorded(recorder_, operation, [&] {
            try {
                const auto lock = coordinator_.get_lock(name);
                answer = lock->acquire(false) ? "granted" : "held";
                lock->release();
            } catch (const Error& error) {
                const bool refusal =
                    error.error_code() == ErrorCode::other && error.effect() == Effect::none;
                answer = refusal ? "refused" : error.what();
            }
            return answer;
        });
        return answer;
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
