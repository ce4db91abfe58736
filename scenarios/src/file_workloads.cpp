// What tooz's file driver gets wrong besides locks, members and leaders: two creators of one group
// that both succeed, a place that nobody can take again, and lock names that lead out of the folder or
// into a group.

#include <algorithm>

#include "workload.hpp"

namespace conclave::scenarios {

namespace {

using properties::Comparison;

/// Every client creates the group that its step names.
class CreateRaceWorkload final : public Workload {
public:
    CreateRaceWorkload(const WorkloadParts& parts, Coordinator& coordinator)
        : Workload(parts), coordinator_(coordinator) {}

    void step(const Step& step) override {
        properties::Operation& operation = recorder_.call(process_.name(), "create", step.object);
        const bool created = recorded(recorder_, operation, [&] {
            coordinator_.create_group(step.object).get();
            return "created";
        });
        if (!created) return;
        const auto others = std::ranges::count(recorder_.history().comparisons, step.object,
                                               &Comparison::object);
        recorder_.compare(operation, "it created " + step.object,
                          std::to_string(others) + " others had created it before", others == 0);
    }

private:
    Coordinator& coordinator_;
};

/// Every client looks whether it is a member, and joins when it is not.
class RejoinWorkload final : public Workload {
public:
    RejoinWorkload(const WorkloadParts& parts, Coordinator& coordinator)
        : Workload(parts), coordinator_(coordinator) {}

    void step(const Step&) override {
        if (is_member()) return;
        properties::Operation& operation = recorder_.call(process_.name(), "join", group);
        std::string answer = "it joined";
        const bool answered = recorded(recorder_, operation, [&] {
            try {
                coordinator_.join_group_create(group).get();
            } catch (const MemberAlreadyExist& error) {
                answer = error.what();
            }
            return answer;
        });
        if (answered)
            recorder_.compare(operation, "who is no member of " + group + " may join", answer,
                              answer == "it joined");
    }

private:
    static inline const std::string group = "group";

    bool is_member() {
        bool found = true;
        properties::Operation& operation = recorder_.call(process_.name(), "members", group);
        recorded(recorder_, operation, [&] {
            try {
                found = coordinator_.get_members(group).get().contains(process_.name());
            } catch (const GroupNotCreated&) {
                found = false;
            }
            return found ? "is a member" : "is none";
        });
        return found;
    }

    Coordinator& coordinator_;
};

/// Every client tries to lock names that must be refused, and between them one that must not.
class LockNamesWorkload final : public Workload {
public:
    LockNamesWorkload(const WorkloadParts& parts, Coordinator& coordinator)
        : Workload(parts), coordinator_(coordinator) {}

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

    Coordinator& coordinator_;
};

}  // namespace

std::unique_ptr<Workload> make_create_race_workload(WorkloadParts parts,
                                                   Coordinator& coordinator) {
    return std::make_unique<CreateRaceWorkload>(parts, coordinator);
}
std::unique_ptr<Workload> make_rejoin_workload(WorkloadParts parts, Coordinator& coordinator) {
    return std::make_unique<RejoinWorkload>(parts, coordinator);
}
std::unique_ptr<Workload> make_lock_names_workload(WorkloadParts parts,
                                                   Coordinator& coordinator) {
    return std::make_unique<LockNamesWorkload>(parts, coordinator);
}

}  // namespace conclave::scenarios
