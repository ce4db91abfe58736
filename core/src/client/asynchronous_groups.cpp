// The operations of groups, as bodies for fibers of the client's own loop.

#include "conclave/asynchronous.hpp"
#include "group_watch_core.hpp"

namespace conclave::detail {

namespace {

/// `body(group)`, on a group that borrows the client.
template <class Body>
auto on_group(const GroupId& id, Body body) {
    return [id, body = std::move(body)](ClientCore& core, Interrupt&) {
        Group group(std::shared_ptr<ClientCore>(std::shared_ptr<void>(), &core), id);
        return body(group);
    };
}

/// Throws when nobody is left who could own what the operation brings.
std::shared_ptr<ClientCore> owner(ClientCore& core) {
    auto owned = core.weak_from_this().lock();
    if (!owned) throw Cancelled("the client has ended", Effect::unknown);
    return owned;
}

}  // namespace

AsyncWork<Done> Asynchronous::create(const Group& group) {
    return {group.core_, on_group(group.id_, [](Group& each) {
                each.create();
                return Done{};
            })};
}

AsyncWork<Done> Asynchronous::remove(const Group& group) {
    return {group.core_, on_group(group.id_, [](Group& each) {
                each.remove();
                return Done{};
            })};
}

AsyncWork<Membership> Asynchronous::join(const Group& group, const Value& capabilities) {
    return {group.core_, on_group(group.id_, [capabilities](Group& each) {
                Membership joined = each.join(capabilities);
                joined.core_ = owner(*each.core_);
                return joined;
            })};
}

AsyncWork<std::set<MemberId>> Asynchronous::members(const Group& group) {
    return {group.core_, on_group(group.id_, [](Group& each) { return each.members(); })};
}

AsyncWork<std::map<MemberId, Value>> Asynchronous::members_with_capabilities(const Group& group) {
    return {group.core_,
            on_group(group.id_, [](Group& each) { return each.members_with_capabilities(); })};
}

AsyncWork<Value> Asynchronous::capabilities(const Group& group, const MemberId& member) {
    return {group.core_,
            on_group(group.id_, [member](Group& each) { return each.capabilities(member); })};
}

AsyncWork<GroupWatch> Asynchronous::watch(const Group& group) {
    return {group.core_, on_group(group.id_, [](Group& each) {
                GroupWatch watch = each.watch();
                watch.client_ = owner(*each.core_);
                return watch;
            })};
}

AsyncWork<std::optional<GroupEvent>> Asynchronous::next(const GroupWatch& watch, Duration limit) {
    if (!watch.watch_) return {nullptr, {}, Runs::after_stop_too, std::optional<GroupEvent>()};
    return {watch.client_,
            [queue = watch.watch_, limit](ClientCore& core, Interrupt& interrupt) {
                return queue->next(core.runtime().after(limit), &interrupt);
            },
            Runs::after_stop_too};
}

AsyncWork<Done> Asynchronous::update(const Membership& membership, const Value& capabilities) {
    if (!membership.hold_) throw MemberNotJoined("", "");
    return {membership.core_,
            [hold = membership.hold_, capabilities](ClientCore& core, Interrupt&) {
                core.update(*hold, capabilities, core.operation_deadline());
                return Done{};
            }};
}

}  // namespace conclave::detail
