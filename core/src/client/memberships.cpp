// Memberships: as a lease, believed from the last acknowledged beat.

#include "client_core.hpp"
#include "conclave/unique_text.hpp"

namespace conclave::detail {

std::shared_ptr<Hold> ClientCore::join(const std::string& group, const Value& capabilities,
                                       Deadline deadline) {
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
    const std::set<std::string> unfinished = unfinished_leaves_;
    for (const std::string& group : unfinished) finish_leave(group, operation_deadline());
}

// An earlier membership's handle must not end a later one.
bool ClientCore::leave_if_current(const Lease& membership, Deadline deadline) {
    const auto kept = memberships_.find(membership.name);
    if (kept == memberships_.end() || kept->second->lease.owner != membership.owner) return false;
    try {
        leave(membership.name, deadline);
        return true;
    } catch (const GroupError&) {
        return false;  // no such group, or no member of it
    }
}

TimePoint ClientCore::member_until(const std::string& group) const {
    const auto kept = memberships_.find(group);
    return kept == memberships_.end() ? TimePoint::min() : kept->second->believed_until();
}

}  // namespace conclave::detail
