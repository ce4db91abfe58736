#pragma once

// What a driver implements: one attempt of each primitive, bounded by a deadline. Waiting, renewal,
// watching and handles are written once, above it. A null facet means that the backend cannot do it.
// All calls are made on fibers of the driver's runtime and may park; several fibers may be inside one
// driver at a time.

#include <string>
#include <vector>

#include "conclave/claims.hpp"
#include "conclave/error.hpp"
#include "conclave/facets/changes.hpp"
#include "conclave/facets/elections.hpp"
#include "conclave/facets/groups.hpp"
#include "conclave/facets/locks.hpp"
#include "conclave/remark.hpp"
#include "conclave/time.hpp"

namespace conclave {

/// What a renewal of this member's liveness found.
struct Beat {
    Duration timeout{};  ///< it must be renewed again before this has passed, or the member lapses
    std::vector<std::string> rejoined;  ///< groups that had evicted us and list us again
    std::vector<std::string> lost;      ///< groups that are gone, or in which another join of our
                                        ///< member id took our place; not renewed any more
};

/// One member's way to one backend. Made by a DriverRegistry; owned by a Client or a Coordinator.
///
/// Guarantees: every Error tells its effect; what a call of unknown effect may have begun ends by
///             itself where leases lapse. No thread, timer or retry outlives a call, but for
///             changes(), whose end with stop().
/// Requires:   start() before anything but claims() and requires_beating().
class Driver {
public:
    virtual ~Driver() = default;
    /// Connects and checks the server. A failed start may be repeated.
    ///
    /// Blocks:  at most until `deadline`
    /// Errors:  no effect - ConnectionError, OperationTimedOut, AccessDenied, Cancelled; Error for a
    ///          server that this driver cannot work with
    virtual void start(Deadline deadline) = 0;
    /// Withdraws this member's beat and closes; backend errors are swallowed.
    ///
    /// Blocks:  at most until `deadline`
    virtual void stop(Deadline deadline) = 0;
    /// Renews this member's liveness and its memberships once. A membership that the backend lost is
    /// rejoined; one that was left, or taken over, is not.
    ///
    /// Blocks:  at most until `deadline`
    /// Errors:  unknown - ConnectionError, OperationTimedOut, Cancelled, Error; it may be repeated
    virtual Beat heartbeat(Deadline deadline) = 0;
    /// Whether heartbeat() must be called for what is held to last.
    virtual bool requires_beating() const { return true; }
    /// What this configuration promises inside its declared envelope; once started, only what the
    /// backend bears out. Any thread, always.
    virtual Claims claims() const = 0;
    /// Looks for what would break these promises: for an operator, once started. What it finds wrong
    /// is a Remark.
    ///
    /// Blocks:  at most until `deadline`
    /// Errors:  unknown - ConnectionError, OperationTimedOut, Cancelled, Error; nothing that it leaves
    ///          behind is read by anybody. none - AccessDenied
    virtual Remarks examine(Deadline) { return {}; }
    virtual Locks* locks() noexcept = 0;
    /// The same locks, but taken by any number of owners together while nobody holds them alone. A
    /// token is that of the last owner that was alone: who shares does not count.
    virtual Locks* shared_locks() noexcept { return nullptr; }
    virtual Groups* groups() noexcept = 0;
    virtual Elections* elections() noexcept = 0;
    /// Null where a backend tells nothing by itself, or was not asked to: whoever waits asks again.
    virtual Changes* changes() noexcept { return nullptr; }
};

}  // namespace conclave
