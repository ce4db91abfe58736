// Comparing views of groups, running hooks, and elections.

#include <algorithm>
#include <exception>

#include "coordinator_core.hpp"
#include "hook_run.hpp"

namespace conclave::detail {

void CoordinatorCore::init_watch(const std::string& group) {
    client_->require_started();
    if (views_.contains(group)) return;
    // Members present when the watch begins never fire; a missing group registers nothing.
    views_.emplace(group,
                   client_->groups().get_members(group, client_->operation_deadline()));
}

void CoordinatorCore::forget_view_if_unwatched(const std::string& group) {
    if (!join_watches.contains(group) && !leave_watches.contains(group)) views_.erase(group);
}

void CoordinatorCore::compare_view(const std::string& group, Deadline deadline, HookRun& run) {
    std::set<std::string> members;
    try {
        members = client_->groups().get_members(group, deadline);
    } catch (const GroupNotCreated&) {
        // A deleted group is an empty one: its members have left.
    }
    if (!members.contains(client_->member_id())) client_->forget_membership(group);
    // The view advances before any hook runs: one that throws cannot make an event fire twice.
    const std::set<std::string> before = std::exchange(views_[group], members);
    for (const std::string& member : members)
        if (!before.contains(member))
            run.all(join_watches, group, MemberJoinedGroup{group, member});
    for (const std::string& member : before)
        if (!members.contains(member))
            run.all(leave_watches, group, MemberLeftGroup{group, member});
}

void CoordinatorCore::watch_alone() {
    const Wake wake = watching_.lock(client_->operation_deadline());
    if (wake == Wake::timed_out) throw OperationTimedOut("waiting for another run_watchers()");
    if (wake == Wake::cancelled) throw Cancelled("waiting for another run_watchers()");
}

HookRun CoordinatorCore::look_at_groups(Deadline deadline) {
    client_->require_started();
    watch_alone();
    const FiberMutexGuard alone(watching_);
    std::set<std::string> watched;
    for (const auto& [group, watches] : join_watches) watched.insert(group);
    for (const auto& [group, watches] : leave_watches) watched.insert(group);
    HookRun run;
    try {
        for (const std::string& group : watched) compare_view(group, deadline, run);
    } catch (const Error&) {
        run.fail(std::current_exception());
    }
    compare_leaderships(run);
    return run;
}

HookRun CoordinatorCore::look_at_elections() {
    client_->require_started();
    watch_alone();
    const FiberMutexGuard alone(watching_);
    HookRun run;
    compare_leaderships(run);
    return run;
}

void CoordinatorCore::compare_leaderships(HookRun& run) {
    tell_lost_leadership(run);
    try {
        campaign(run);
    } catch (const Error&) {
        run.fail(std::current_exception());
    }
}

void CoordinatorCore::tell_lost_leadership(HookRun& run) {
    std::vector<std::string> lost;
    for (const auto& [group, held] : leaderships_)
        if (!held->believed()) lost.push_back(group);
    for (const std::string& group : lost) {
        client_->give_up_later(leaderships_.extract(group).mapped());
        run.all(lost_watches, group, LeadershipLost{group, client_->member_id()});
    }
}

void CoordinatorCore::campaign(HookRun& run) {
    std::vector<std::string> candidates;
    for (const auto& [group, watches] : elected_watches)
        if (!leaderships_.contains(group)) candidates.push_back(group);
    for (const std::string& group : candidates) {
        // Kept until an answer comes, so that a win whose reply was lost is recognised as ours.
        auto [kept, fresh] = campaigns_.try_emplace(group);
        if (fresh) kept->second = client_->elections().new_owner();
        std::optional<Lease> won =
            client_->elections().try_lead(group, kept->second, client_->operation_deadline());
        campaigns_.erase(group);
        if (!won) continue;
        const auto held = client_->keep(HoldKind::leadership, std::move(*won));
        leaderships_.insert_or_assign(group, held);
        last_leaderships_.insert_or_assign(group, held);
        run.all(elected_watches, group, LeaderElected{group, client_->member_id()});
    }
}

bool CoordinatorCore::stand_down(const std::string& group) {
    client_->require_started();
    auto led = leaderships_.extract(group);
    return !led.empty() && client_->give_up(led.mapped(), client_->operation_deadline());
}

bool CoordinatorCore::is_leader(const std::string& group) const noexcept {
    const auto led = leaderships_.find(group);
    return led != leaderships_.end() && led->second->believed();
}

std::shared_ptr<const Hold> CoordinatorCore::leadership(const std::string& group) const {
    const auto found = last_leaderships_.find(group);
    return found == last_leaderships_.end() ? nullptr : found->second;
}

std::set<std::string> CoordinatorCore::view(const std::string& group) const {
    const auto found = views_.find(group);
    return found == views_.end() ? std::set<std::string>{} : found->second;
}

}  // namespace conclave::detail
