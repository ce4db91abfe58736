// Members of different weights share objects out by a ring that follows their group, and say who
// they think has what.

#include "workload.hpp"

namespace conclave::scenarios {

namespace {

/// Who every client asks about.
constexpr int objects = 64;

class RingWorkload final : public Workload {
public:
    RingWorkload(const WorkloadParts& parts, Coordinator& coordinator)
        : Workload(parts), coordinator_(coordinator) {}

    void step(const Step& step) override {
        if (step.action == "leave") return leave();
        const bool change = step.action == "join" || !weight_;
        if (change) weight_ = std::stoull(step.object);
        if (!partitioner_) join();
        else if (change) weigh();
        if (partitioner_) look();
    }

    /// A member to the last: the others agree about it, too.
    void end() override { sleep_until(process_.runtime(), Deadline::never()); }

private:
    static inline const std::string group = "group";

    void join() {
        properties::Operation& operation = recorder_.call(name_, "join", group);
        recorded(recorder_, operation, [&]() -> std::string {
            try {
                partitioner_ = coordinator_.join_partitioned_group(group, *weight_);
                return "joined with weight " + std::to_string(*weight_);
            } catch (const MemberAlreadyExist&) {
            }
            // Left behind by a join whose reply was lost, or by our last incarnation: its weight is
            // not ours. The next step joins anew.
            coordinator_.leave_group(group).get();
            return "had been a member";
        });
    }

    void leave() {
        weight_.reset();
        if (!partitioner_) return;
        gone();
        properties::Operation& operation = recorder_.call(name_, "leave", group);
        recorded(recorder_, operation, [&] {
            coordinator_.leave_partitioned_group(group, *partitioner_).get();
            return "left";
        });
        partitioner_.reset();
    }

    void weigh() {
        properties::Operation& operation = recorder_.call(name_, "weigh", group);
        recorded(recorder_, operation, [&] {
            coordinator_.update_capabilities(group, Map{{"weight", *weight_}}).get();
            return "weighs " + std::to_string(*weight_);
        });
    }

    void look() {
        properties::Operation& operation = recorder_.call(name_, "look", group);
        const bool followed = recorded(recorder_, operation, [&] {
            coordinator_.run_watchers();
            return partitioner_->fingerprint();
        });
        if (partitioner_->ring().nodes().contains(name_)) return tell();
        if (!followed) return;
        // The others have seen us gone, and so have we.
        gone();
        partitioner_.reset();
    }

    void tell() {
        properties::RingView view{name_, group, partitioner_->fingerprint(), {}, recorder_.now()};
        for (int object = 0; object < objects; ++object) {
            const auto owners = partitioner_->members_for_object(std::to_string(object));
            view.owners.push_back(owners.empty() ? std::string() : owners.front());
        }
        recorder_.history().rings.push_back(std::move(view));
    }

    void gone() { recorder_.history().rings.push_back({name_, group, {}, {}, recorder_.now()}); }

    Coordinator& coordinator_;
    std::optional<std::uint64_t> weight_;  ///< none while it wants to be no member
    std::unique_ptr<Partitioner> partitioner_;
};

}  // namespace

std::unique_ptr<Workload> make_ring_workload(WorkloadParts parts, Coordinator& coordinator) {
    return std::make_unique<RingWorkload>(parts, coordinator);
}

}  // namespace conclave::scenarios
