#include "conclave/coordinator.hpp"

#include <algorithm>

#include "conclave/assert.hpp"
#include "conclave/fiber.hpp"
#include "hook_run.hpp"

namespace conclave {

using detail::Watches;

namespace {

template <class Event>
WatchId add_watch(detail::CoordinatorCore& core, Watches<Event>& watches, const std::string& group,
                  Hook<Event> hook) {
    const WatchId id{core.next_watch++};
    watches[group].push_back({id, std::move(hook)});
    return id;
}

template <class Event>
void remove_watch(Watches<Event>& watches, const std::string& group, WatchId id) {
    const auto found = watches.find(group);
    const std::size_t removed =
        found == watches.end()
            ? 0
            : std::erase_if(found->second, [&](const auto& watch) { return watch.id == id; });
    if (removed == 0)
        throw WatchCallbackNotFound("Callback " + std::to_string(id.number) +
                                    " is not registered on group " + group);
    if (found->second.empty()) watches.erase(found);
}

}  // namespace

Coordinator::Coordinator(Gate& gate, std::unique_ptr<Driver> driver, std::string member_id,
                         CoordinatorOptions options)
    : core_(std::make_shared<detail::CoordinatorCore>(gate, std::move(driver), std::move(member_id),
                                                      options)) {}

Coordinator::~Coordinator() {
    if (!is_started()) return;
    // A destructor must not park, and a simulated process that dies sends no farewell.
    if (const detail::Fiber* fiber = detail::running_fiber()) {
        CONCLAVE_ASSERT(fiber->killed, "stop() the coordinator before it is destroyed");
        return;
    }
    try {
        stop(core_->options().operation_timeout);
    } catch (const std::exception&) {
        // Nobody is left to be told: leases lapse at their ttl.
    }
}

void Coordinator::start(bool start_heart) {
    core_->on_runtime([&] { core_->start(start_heart); });
}
void Coordinator::stop(Duration limit) {
    core_->on_runtime([&] { core_->stop(limit); });
}
bool Coordinator::is_started() const { return core_->is_started(); }
const std::string& Coordinator::member_id() const noexcept { return core_->member_id(); }
Claims Coordinator::claims() const { return core_->driver().claims(); }
Duration Coordinator::heartbeat() {
    return core_->on_runtime([&] { return core_->heartbeat(); });
}

namespace {
/// Runs `body(groups, deadline)` on the runtime of a started coordinator.
template <class Body>
auto with_groups(detail::CoordinatorCore& core, Body&& body) {
    return core.on_runtime([&] {
        core.require_started();
        return body(core.groups(), core.operation_deadline());
    });
}
}  // namespace

void Coordinator::create_group(const std::string& group) {
    with_groups(*core_, [&](Groups& g, Deadline d) { g.create_group(group, d); });
}
void Coordinator::delete_group(const std::string& group) {
    with_groups(*core_, [&](Groups& g, Deadline d) { g.delete_group(group, d); });
}
std::vector<std::string> Coordinator::get_groups() {
    return with_groups(*core_, [&](Groups& g, Deadline d) { return g.get_groups(d); });
}
void Coordinator::join_group(const std::string& group, const Value& capabilities) {
    with_groups(*core_, [&](Groups& g, Deadline d) { core_->join(g, group, capabilities, d); });
}
void Coordinator::join_group_create(const std::string& group, const Value& capabilities) {
    with_groups(*core_, [&](Groups& g, Deadline d) {
        while (!d.passed(core_->runtime().clock.now())) {
            try {
                core_->join(g, group, capabilities, d);
                return;
            } catch (const GroupNotCreated&) {
            }
            try {
                g.create_group(group, d);
            } catch (const GroupAlreadyExist&) {
            }
        }
        throw OperationTimedOut("joining " + group + ": it was deleted each time it was created");
    });
}
void Coordinator::leave_group(const std::string& group) {
    with_groups(*core_, [&](Groups& g, Deadline d) { core_->leave(g, group, d); });
}
std::set<std::string> Coordinator::get_members(const std::string& group) {
    return with_groups(*core_, [&](Groups& g, Deadline d) { return g.get_members(group, d); });
}
Value Coordinator::get_member_capabilities(const std::string& group, const std::string& member) {
    return with_groups(
        *core_, [&](Groups& g, Deadline d) { return g.get_member_capabilities(group, member, d); });
}
std::map<std::string, Value> Coordinator::get_members_with_capabilities(const std::string& group) {
    return with_groups(
        *core_, [&](Groups& g, Deadline d) { return g.get_members_with_capabilities(group, d); });
}
void Coordinator::update_capabilities(const std::string& group, const Value& capabilities) {
    with_groups(*core_,
                [&](Groups& g, Deadline d) { g.update_capabilities(group, capabilities, d); });
}

Leader Coordinator::get_leader(const std::string& group) {
    return core_->on_runtime([&] {
        core_->require_started();
        return core_->elections().get_leader(group, core_->operation_deadline());
    });
}
bool Coordinator::stand_down_group_leader(const std::string& group) {
    return core_->on_runtime([&] { return core_->stand_down(group); });
}
bool Coordinator::is_leader(const std::string& group) const {
    return core_->on_runtime([&] { return core_->is_leader(group); });
}

TimePoint Coordinator::leading_until(const std::string& group) const {
    return core_->on_runtime([&] {
        const auto held = core_->leadership(group);
        return held ? TimePoint(Duration(held->believed_until.load())) : TimePoint::min();
    });
}
std::uint64_t Coordinator::leader_token(const std::string& group) const {
    return core_->on_runtime([&] {
        const auto held = core_->leadership(group);
        return held ? held->lease.token : 0;
    });
}
TimePoint Coordinator::member_until() const {
    return core_->on_runtime([&] { return core_->membership_until(); });
}

WatchId Coordinator::watch_join_group(const std::string& group, Hook<MemberJoinedGroup> hook) {
    return core_->on_runtime([&] {
        core_->init_watch(group);
        return add_watch(*core_, core_->join_watches, group, std::move(hook));
    });
}
WatchId Coordinator::watch_leave_group(const std::string& group, Hook<MemberLeftGroup> hook) {
    return core_->on_runtime([&] {
        core_->init_watch(group);
        return add_watch(*core_, core_->leave_watches, group, std::move(hook));
    });
}
WatchId Coordinator::watch_elected_as_leader(const std::string& group, Hook<LeaderElected> hook) {
    return core_->on_runtime([&] {
        core_->elections();  // NotImplemented now rather than at the first campaign
        return add_watch(*core_, core_->elected_watches, group, std::move(hook));
    });
}
WatchId Coordinator::watch_lost_leadership(const std::string& group, Hook<LeadershipLost> hook) {
    return core_->on_runtime(
        [&] { return add_watch(*core_, core_->lost_watches, group, std::move(hook)); });
}
void Coordinator::unwatch_join_group(const std::string& group, WatchId watch) {
    core_->on_runtime([&] {
        remove_watch(core_->join_watches, group, watch);
        core_->forget_view_if_unwatched(group);
    });
}
void Coordinator::unwatch_leave_group(const std::string& group, WatchId watch) {
    core_->on_runtime([&] {
        remove_watch(core_->leave_watches, group, watch);
        core_->forget_view_if_unwatched(group);
    });
}
void Coordinator::unwatch_elected_as_leader(const std::string& group, WatchId watch) {
    core_->on_runtime([&] { remove_watch(core_->elected_watches, group, watch); });
}
void Coordinator::unwatch_lost_leadership(const std::string& group, WatchId watch) {
    core_->on_runtime([&] { remove_watch(core_->lost_watches, group, watch); });
}

std::set<std::string> Coordinator::watched_members(const std::string& group) const {
    return core_->on_runtime([&] { return core_->view(group); });
}

std::size_t Coordinator::run_watchers() {
    detail::HookRun run = core_->on_runtime([&] { return core_->look_at_groups(); });
    return run.finish();
}
std::size_t Coordinator::run_elect_coordinator() {
    detail::HookRun run = core_->on_runtime([&] { return core_->look_at_elections(); });
    return run.finish();
}

std::unique_ptr<Lock> Coordinator::get_lock(const std::string& name) {
    if (name.empty()) throw Error("Locks must be provided a name");
    core_->locks();
    return std::make_unique<Lock>(core_, name);
}

}  // namespace conclave
