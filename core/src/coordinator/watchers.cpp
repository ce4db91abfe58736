// Comparing views of groups, running hooks, and elections.

#include <algorithm>
#include <exception>

#include "../client/acquisition.hpp"
#include "coordinator_core.hpp"
#include "hook_run.hpp"

namespace conclave::detail {

View CoordinatorCore::look(const std::string& group, Deadline deadline) {
    if (!followers.contains(group))
        return {client_->groups().get_members(group, deadline), {}};
    View view;
    view.capabilities = read_capabilities(group, deadline);
    for (const auto& [member, capabilities] : view.capabilities) view.members.insert(member);
    return view;
}

Capabilities CoordinatorCore::read_capabilities(const std::string& group, Deadline deadline) {
    Groups& groups = client_->groups();
    try {
        return groups.get_members_with_capabilities(group, deadline);
    } catch (const SerializationError&) {
        // One of them cannot be read; each by itself, then.
    }
    Capabilities members;
    for (const std::string& member : groups.get_members(group, deadline)) {
        try {
            members[member] = groups.get_member_capabilities(group, member, deadline);
        } catch (const SerializationError&) {
            members[member] = Value();
        } catch (const MemberNotJoined&) {
            // It has left since.
        }
    }
    return members;
}

void CoordinatorCore::init_watch(const std::string& group) {
    client_->require_started();
    if (views_.contains(group)) return;
    // Members present when the watch begins never fire; a missing group registers nothing.
    views_.emplace(group, look(group, client_->operation_deadline()));
}

// Members of an earlier view stay as they were seen: their joins and leaves are yet to be told.
void CoordinatorCore::init_follower(const std::string& group) {
    init_watch(group);
    if (followers.contains(group)) return;
    views_[group].capabilities = read_capabilities(group, client_->operation_deadline());
}

void CoordinatorCore::forget_view_if_unwatched(const std::string& group) {
    const bool watched = join_watches.contains(group) || leave_watches.contains(group);
    if (!watched && !followers.contains(group)) views_.erase(group);
}

bool Follower::agrees_with(const View& view) const {
    const bool same_members =
        std::equal(known->begin(), known->end(), view.members.begin(), view.members.end(),
                   [](const auto& one, const std::string& other) { return one.first == other; });
    return same_members && *known == view.capabilities;
}

void CoordinatorCore::compare_view(const std::string& group, Deadline deadline, HookRun& run) {
    View now;
    try {
        now = look(group, deadline);
    } catch (const GroupNotCreated&) {
        // A deleted group is an empty one: its members have left.
    }
    if (!now.members.contains(client_->member_id())) client_->forget_membership(group);
    // The view advances before any hook runs: one that throws cannot make an event fire twice.
    const View before = std::exchange(views_[group], now);
    for (const std::string& member : now.members)
        if (!before.members.contains(member))
            run.all(join_watches, group, MemberJoinedGroup{group, member});
    for (const std::string& member : before.members)
        if (!now.members.contains(member))
            run.all(leave_watches, group, MemberLeftGroup{group, member});
    run.read(followers, group, now);
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
    for (const auto& [group, each] : followers) watched.insert(group);
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
        const auto held = campaign(group);
        if (!held) continue;
        if (!elected_watches.contains(group)) {
            client_->give_up_later(held);  // nobody would be told
            continue;
        }
        leaderships_.insert_or_assign(group, held);
        last_leaderships_.insert_or_assign(group, held);
        run.all(elected_watches, group, LeaderElected{group, client_->member_id()});
    }
}

// Kept until an answer comes, so that a win whose reply was lost is recognised as ours. Whoever drops
// it meanwhile leaves it to us.
std::shared_ptr<Hold> CoordinatorCore::campaign(const std::string& group) {
    std::shared_ptr<Acquisition>& kept = campaigns_[group];
    if (!kept) kept = std::make_shared<Acquisition>(*client_, HoldKind::leadership, group);
    const std::shared_ptr<Acquisition> ours = kept;
    auto held = ours->run(client_->operation_deadline(), true);
    campaigns_.erase(group);
    return held;
}

void CoordinatorCore::end_campaign_if_unwatched(const std::string& group) {
    if (!elected_watches.contains(group)) campaigns_.erase(group);
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
    return found == views_.end() ? std::set<std::string>{} : found->second.members;
}

}  // namespace conclave::detail
