#pragma once

// Elections as a driver implements them. Called on fibers of the driver's runtime; a call may park.

#include <optional>
#include <string>

#include "conclave/facets/locks.hpp"
#include "conclave/holder.hpp"
#include "conclave/time.hpp"

namespace conclave {

/// Leader election: a lock for each group, and the leader's id beside it. A leadership is a Lease
/// whose name is the group's, with a counter of its own as its token.
///
/// Blocks, Limits and Errors as of Locks. The group need not exist, nor this member be in it.
class Elections {
public:
    virtual ~Elections() = default;
    /// Leads if nobody does; nullopt when another owner leads. `owner` as in Locks::try_acquire().
    /// Errors: unknown - this member may lead: the caller resigns, or lets it lapse.
    virtual std::optional<Lease> try_lead(const std::string& group, const std::string& owner,
                                          Deadline deadline) = 0;
    /// Extends the leadership; false when it is lost for good. Errors: as Locks::renew().
    virtual bool renew(Lease& leadership, Deadline deadline) = 0;
    /// Stands down; false when it no longer led. Never ends another's leadership.
    /// Errors: unknown - it ends at its ttl at the latest.
    virtual bool resign(const Lease& leadership, Deadline deadline) = 0;
    /// Who leads; `foreign` for a leader that left no id. Errors: all without an effect.
    virtual Leader get_leader(const std::string& group, Deadline deadline) = 0;
    /// As Locks::new_owner().
    virtual std::string new_owner() = 0;
};

}  // namespace conclave
