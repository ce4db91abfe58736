#include "conclave/group.hpp"

#include "client_core.hpp"
#include "conclave/fiber.hpp"
#include "group_watch_core.hpp"

namespace conclave {

using detail::ClientCore;

namespace {
/// Runs `body(groups, deadline)` on the runtime of a started client.
template <class Body>
auto with_groups(ClientCore& core, Body&& body) {
    return core.on_runtime([&] {
        core.require_started();
        return body(core.groups(), core.operation_deadline());
    });
}
}  // namespace

Result<bool> Membership::try_leave() {
    return attempt([&] { return leave(); });
}

void Membership::update(const Value& capabilities) {
    if (!hold_) throw MemberNotJoined("", "");
    core_->on_runtime([&] { core_->update(*hold_, capabilities, core_->operation_deadline()); });
}

Result<Done> Membership::try_update(const Value& capabilities) {
    return attempt([&] { update(capabilities); });
}

Group::Group(std::shared_ptr<ClientCore> core, GroupId id)
    : core_(std::move(core)), id_(std::move(id)) {
    if (id_.empty()) throw Error("A group needs a name");
}

void Group::create() {
    with_groups(*core_, [&](Groups& groups, Deadline deadline) {
        groups.create_group(id_.bytes(), deadline);
    });
}

Result<Done> Group::try_create() {
    return attempt([&] { create(); });
}

void Group::remove() {
    with_groups(*core_, [&](Groups& groups, Deadline deadline) {
        groups.delete_group(id_.bytes(), deadline);
    });
}

Result<Done> Group::try_remove() {
    return attempt([&] { remove(); });
}

Membership Group::join(const Value& capabilities) {
    auto hold = with_groups(*core_, [&](Groups&, Deadline deadline) {
        auto joined = core_->join_create(id_.bytes(), capabilities, deadline);
        core_->hand_out(joined);
        return joined;
    });
    return Membership(core_, std::move(hold));
}

Result<Membership> Group::try_join(const Value& capabilities) {
    return attempt([&] { return join(capabilities); });
}

std::set<MemberId> Group::members() {
    return with_groups(*core_, [&](Groups& groups, Deadline deadline) {
        std::set<MemberId> members;
        for (const std::string& member : groups.get_members(id_.bytes(), deadline))
            members.insert(MemberId(member));
        return members;
    });
}

Result<std::set<MemberId>> Group::try_members() {
    return attempt([&] { return members(); });
}

std::map<MemberId, Value> Group::members_with_capabilities() {
    return with_groups(*core_, [&](Groups& groups, Deadline deadline) {
        std::map<MemberId, Value> members;
        for (const auto& [member, value] :
             groups.get_members_with_capabilities(id_.bytes(), deadline))
            members.emplace(MemberId(member), value);
        return members;
    });
}

Result<std::map<MemberId, Value>> Group::try_members_with_capabilities() {
    return attempt([&] { return members_with_capabilities(); });
}

Value Group::capabilities(const MemberId& member) {
    return with_groups(*core_, [&](Groups& groups, Deadline deadline) {
        return groups.get_member_capabilities(id_.bytes(), member.bytes(), deadline);
    });
}

Result<Value> Group::try_capabilities(const MemberId& member) {
    return attempt([&] { return capabilities(member); });
}

GroupWatch Group::watch() { return watch({}, {}); }

Result<GroupWatch> Group::try_watch() { return try_watch({}, {}); }

Result<GroupWatch> Group::try_watch(Executor executor,
                                    std::function<void(const GroupEvent&)> callback) {
    return attempt([&] { return watch(std::move(executor), std::move(callback)); });
}

GroupWatch Group::watch(Executor executor, std::function<void(const GroupEvent&)> callback) {
    auto watch = with_groups(*core_, [&](Groups&, Deadline) {
        auto begun = std::make_shared<detail::GroupWatchCore>(
            *core_, id_.bytes(),
            detail::WatchDelivery{std::move(executor), std::move(callback)});
        begun->begin();
        core_->add_watch(begun);
        return begun;
    });
    return GroupWatch(core_, std::move(watch));
}

GroupWatch::~GroupWatch() { end(); }

GroupWatch& GroupWatch::operator=(GroupWatch&& other) noexcept {
    if (this == &other) return *this;
    end();
    client_ = std::move(other.client_);
    watch_ = std::move(other.watch_);
    return *this;
}

void GroupWatch::end() noexcept {
    if (!watch_) return;
    const detail::Fiber* const fiber = detail::running_fiber();
    if (fiber && fiber->killed) return;
    const auto watch = std::exchange(watch_, nullptr);
    watch->forbid();
    client_->post([watch] { watch->close(); });
    // A destructor cannot park, and the runtime's thread may be what the callback waits for.
    if (!fiber && !client_->on_own_thread()) watch->wait_on_this_thread();
}

std::optional<GroupEvent> GroupWatch::next(Duration limit) {
    if (!watch_) return std::nullopt;
    const Deadline deadline = client_->runtime().after(limit);
    return client_->on_runtime([&] { return watch_->next(deadline); });
}

}  // namespace conclave
