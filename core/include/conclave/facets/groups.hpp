#pragma once

// Groups as a driver implements them. Called on fibers of the driver's runtime; a call may park.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "conclave/time.hpp"
#include "conclave/value.hpp"

namespace conclave {

/// Groups with members and capabilities. "This member" is the one the driver was made for; its
/// memberships last as long as Driver::heartbeat() is called in time.
///
/// Blocks:  each call for its exchanges with the backend, retries included, at most until `deadline`.
/// Limits:  names of groups and members are byte strings of 1 byte or more. What a backend cannot
///          store as it is, a driver escapes or hashes; names that it keeps for itself it refuses.
///          Capabilities nest at most Value::depth_max deep; their map keys are text or bytes, their
///          text is UTF-8.
/// Errors:  no effect - those named at each call; Error for a name that is refused; AccessDenied;
///          ConnectionError, OperationTimedOut, Cancelled before anything was sent
///          unknown   - ConnectionError, OperationTimedOut, Cancelled, Error once it may have been
///          done; of a call that only reads they have no effect
/// Source:  tooz coordination.CoordinationDriver, the methods of the same names
class Groups {
public:
    virtual ~Groups() = default;
    /// Makes an empty group. Errors: none - GroupAlreadyExist.
    virtual void create_group(const std::string& group, Deadline deadline) = 0;
    /// Removes a group without members; members that have lapsed do not keep it.
    /// Errors: none - GroupNotCreated, GroupNotEmpty.
    virtual void delete_group(const std::string& group, Deadline deadline) = 0;
    /// The names of all groups, sorted.
    virtual std::vector<std::string> get_groups(Deadline deadline) = 0;
    /// Adds this member until leave_group() or until it lapses. A join that finds itself done by an
    /// earlier attempt of its own succeeds.
    /// Errors: none - GroupNotCreated; MemberAlreadyExist when this id is a member, whose capabilities
    ///         then stay; SerializationError. unknown - this member may be in the group: the caller
    ///         leaves it, or joins again.
    virtual void join_group(const std::string& group, const Value& capabilities,
                            Deadline deadline) = 0;
    /// Removes this member; no later heartbeat() brings it back, whatever becomes of the call.
    /// Errors: none - GroupNotCreated; MemberNotJoined, also when another join of this id took over.
    virtual void leave_group(const std::string& group, Deadline deadline) = 0;
    /// Who is a member and has not lapsed. Errors: none - GroupNotCreated.
    virtual std::set<std::string> get_members(const std::string& group, Deadline deadline) = 0;
    /// The same with their capabilities, of one instant.
    /// Errors: none - GroupNotCreated; SerializationError when those of a member cannot be read.
    virtual std::map<std::string, Value> get_members_with_capabilities(const std::string& group,
                                                                       Deadline deadline) = 0;
    /// Null when it gave none.
    /// Errors: none - GroupNotCreated, MemberNotJoined, SerializationError.
    virtual Value get_member_capabilities(const std::string& group, const std::string& member,
                                          Deadline deadline) = 0;
    /// Replaces this member's capabilities.
    /// Errors: none - GroupNotCreated, MemberNotJoined, SerializationError.
    virtual void update_capabilities(const std::string& group, const Value& capabilities,
                                     Deadline deadline) = 0;
    /// What the backend keeps of a member, as a map: "capabilities"; "created_at", when it joined, and
    /// "updated_at", when it was last heard of, both in seconds since 1970-01-01 UTC as double, by
    /// the wall clock of whoever wrote them; null where that cannot be told.
    /// Errors: none - NotImplemented where the backend keeps no more than the capabilities, as this
    ///         default says; GroupNotCreated, MemberNotJoined, SerializationError.
    /// Source: tooz drivers/zookeeper.py _get_member_info_handler, for the entries and their names
    virtual Value get_member_info(const std::string& group, const std::string& member,
                                  Deadline deadline);
};

}  // namespace conclave
