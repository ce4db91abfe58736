// Memberships: as a lease, believed from the last acknowledged beat.

#include "client_core.hpp"
#include "conclave/turn.hpp"
#include "conclave/unique_text.hpp"

namespace conclave::detail {

std::shared_ptr<Hold> ClientCore::join(const std::string& group, const Value& capabilities,
                                       Deadline deadline) {
    const Turn turn(membership_turn_, deadline, "joining " + group);
    require_started();
    if (unfinished_leaves_.contains(group)) finish_leave(group, deadline);
    const TimePoint sent = runtime().clock.now();
    try {
        groups().join_group(group, capabilities, deadline);
    } catch (const Error& error) {
        // Nobody believes in it: whatever it did, or does yet, is undone.
        if (error.effect() == Effect::unknown) unfinished_leaves_.insert(group);
        throw;
    }
    joined_groups_.insert(group);
    Lease lease;
    lease.name = group;
    lease.owner = unique_text(runtime().random);
    lease.belief_until = belief_from(sent);
    auto hold = keep(HoldKind::membership, std::move(lease));
    memberships_.insert_or_assign(group, hold);
    return hold;
}

std::shared_ptr<Hold> ClientCore::join_create(const std::string& group, const Value& capabilities,
                                              Deadline deadline) {
    while (!deadline.passed(runtime().clock.now())) {
        try {
            return join(group, capabilities, deadline);
        } catch (const GroupNotCreated&) {
        }
        try {
            groups().create_group(group, deadline);
        } catch (const GroupAlreadyExist&) {
        }
    }
    throw OperationTimedOut("joining " + group + ": it was deleted each time it was created");
}

void ClientCore::leave(const std::string& group, Deadline deadline) {
    const Turn turn(membership_turn_, deadline, "leaving " + group);
    leave_in_turn(group, deadline);
}

void ClientCore::leave_in_turn(const std::string& group, Deadline deadline) {
    if (const auto kept = memberships_.find(group); kept != memberships_.end()) end(*kept->second);
    joined_groups_.erase(group);
    unfinished_leaves_.insert(group);
    try {
        groups().leave_group(group, deadline);
    } catch (const GroupError&) {
        unfinished_leaves_.erase(group);  // no such group, or no member of it
        throw;
    }
    unfinished_leaves_.erase(group);
}

// While other groups are beaten for, a member whose leave was lost would stay for ever.
void ClientCore::finish_leave(const std::string& group, Deadline deadline) {
    try {
        groups().leave_group(group, deadline);
    } catch (const GroupError&) {
        // It had taken effect.
    }
    unfinished_leaves_.erase(group);
}

void ClientCore::finish_leaves() {
    if (unfinished_leaves_.empty()) return;
    const Turn turn(membership_turn_, operation_deadline(), "unfinished leaves");
    const std::set<std::string> unfinished = unfinished_leaves_;
    for (const std::string& group : unfinished) finish_leave(group, operation_deadline());
}

bool ClientCore::is_current(const Lease& membership) const {
    const auto kept = memberships_.find(membership.name);
    return kept != memberships_.end() && kept->second->lease.owner == membership.owner;
}

// An earlier membership's handle must not end a later one, nor one that is being joined.
bool ClientCore::leave_if_current(const Lease& membership, Deadline deadline) {
    const Turn turn(membership_turn_, deadline, "leaving " + membership.name);
    if (!is_current(membership)) return false;
    try {
        leave_in_turn(membership.name, deadline);
        return true;
    } catch (const GroupError&) {
        return false;  // no such group, or no member of it
    }
}

// Nor must it change one.
void ClientCore::update(const Hold& hold, const Value& capabilities, Deadline deadline) {
    const std::string& group = hold.lease.name;
    const Turn turn(membership_turn_, deadline, "updating " + group);
    require_started();
    if (!is_current(hold.lease) || hold.ended.is_set()) throw MemberNotJoined(group, member_id_);
    groups().update_capabilities(group, capabilities, deadline);
}

TimePoint ClientCore::member_until(const std::string& group) const {
    const auto kept = memberships_.find(group);
    return kept == memberships_.end() ? TimePoint::min() : kept->second->believed_until();
}

}  // namespace conclave::detail
