// A Partitioner over a group that the coordinator watches.

#include "conclave/coordinator.hpp"
#include "coordinator_core.hpp"
#include "watch_list.hpp"

namespace conclave {

namespace {

/// Told by the hooks that run_watchers() runs.
class WatchedGroup final : public GroupView {
public:
    WatchedGroup(std::shared_ptr<detail::CoordinatorCore> core, std::string group)
        : core_(std::move(core)), group_(std::move(group)) {}

    const std::string& member_id() const noexcept override { return core_->client().member_id(); }

    std::map<std::string, Value> get_members_with_capabilities() override {
        detail::ClientCore& client = core_->client();
        return client.on_runtime([&]() -> std::map<std::string, Value> {
            try {
                return client.groups().get_members_with_capabilities(group_,
                                                                     client.operation_deadline());
            } catch (const GroupNotCreated&) {
                return {};
            }
        });
    }

    void watch(std::function<void()> changed) override {
        core_->client().on_runtime([&] {
            core_->init_watch(group_);
            joined_ = add_watch<MemberJoinedGroup>(
                *core_, core_->join_watches, group_,
                [changed](const MemberJoinedGroup&) { changed(); });
            left_ = add_watch<MemberLeftGroup>(*core_, core_->leave_watches, group_,
                                               [changed](const MemberLeftGroup&) { changed(); });
        });
    }

    void unwatch() noexcept override {
        core_->client().post([core = core_.get(), group = group_, joined = joined_, left = left_] {
            remove_watch(core->join_watches, group, joined);
            remove_watch(core->leave_watches, group, left);
            core->forget_view_if_unwatched(group);
        });
    }

private:
    const std::shared_ptr<detail::CoordinatorCore> core_;
    const std::string group_;
    WatchId joined_;
    WatchId left_;
};

}  // namespace

std::unique_ptr<Partitioner> Coordinator::join_partitioned_group(const std::string& group,
                                                                 std::uint64_t weight,
                                                                 std::uint64_t partitions) {
    join_group_create(group, Map{{"weight", weight}}).get(core_->client().times().operation);
    return std::make_unique<Partitioner>(std::make_unique<WatchedGroup>(core_, group), partitions);
}

AsyncResult<void> Coordinator::leave_partitioned_group(const std::string& group,
                                                       Partitioner& partitioner) {
    partitioner.stop();
    return leave_group(group);
}

}  // namespace conclave
