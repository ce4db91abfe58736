// A Partitioner over a group that the coordinator watches.

#include <algorithm>

#include "conclave/coordinator.hpp"
#include "coordinator_core.hpp"
#include "watch_list.hpp"

namespace conclave {

namespace {

/// Told by run_watchers() whenever the group is not as it was last read here.
class FollowedGroup final : public GroupView {
public:
    FollowedGroup(std::shared_ptr<detail::CoordinatorCore> core, std::string group)
        : core_(std::move(core)), group_(std::move(group)) {}

    const std::string& member_id() const noexcept override { return core_->client().member_id(); }

    std::map<std::string, Value> get_members_with_capabilities() override {
        return core_->client().on_runtime([&] {
            const std::uint64_t read = ++reads_begun_;
            auto members = read_members();
            // Of reads that overlap, the partitioner takes the one that was begun last.
            if (read > last_read_) *known_ = members;
            last_read_ = std::max(last_read_, read);
            return members;
        });
    }

    void watch(std::function<void()> changed) override {
        core_->client().on_runtime([&] {
            core_->init_follower(group_);
            follower_ = WatchId{core_->next_watch++};
            core_->followers[group_].push_back({follower_, std::move(changed), known_});
        });
    }

    void unwatch() noexcept override {
        core_->client().post([core = core_.get(), group = group_, follower = follower_] {
            remove_follower(core->followers, group, follower);
            core->forget_view_if_unwatched(group);
        });
    }

private:
    detail::Capabilities read_members() {
        try {
            return core_->read_capabilities(group_, core_->client().operation_deadline());
        } catch (const GroupNotCreated&) {
            return {};
        }
    }

    const std::shared_ptr<detail::CoordinatorCore> core_;
    const std::string group_;
    const std::shared_ptr<detail::Capabilities> known_ = std::make_shared<detail::Capabilities>();
    std::uint64_t reads_begun_ = 0;
    std::uint64_t last_read_ = 0;
    WatchId follower_;
};

}  // namespace

std::unique_ptr<Partitioner> Coordinator::join_partitioned_group(const std::string& group,
                                                                 std::uint64_t weight,
                                                                 std::uint64_t partitions) {
    join_group_create(group, Map{{"weight", weight}}).get(core_->client().times().operation);
    return std::make_unique<Partitioner>(std::make_unique<FollowedGroup>(core_, group), partitions);
}

AsyncResult<void> Coordinator::leave_partitioned_group(const std::string& group,
                                                       Partitioner& partitioner) {
    partitioner.stop();
    return leave_group(group);
}

}  // namespace conclave
