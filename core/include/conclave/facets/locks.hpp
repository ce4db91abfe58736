#pragma once

// Locks as a driver implements them. Called on fibers of the driver's runtime; a call may park.

#include <cstdint>
#include <optional>
#include <string>

#include "conclave/holder.hpp"
#include "conclave/time.hpp"

namespace conclave {

/// One acquisition. `owner` is unique to it and survives retries, so that a lost reply is recognised.
struct Lease {
    std::string name;         ///< the lock's name
    std::string owner;        ///< what the backend stores as the owner's token
    std::uint64_t token = 0;  ///< the driver's fencing counter; 0 when the backend keeps none
    TimePoint belief_until;   ///< believed held strictly before this instant of our clock
};

/// Locks with a lease: one attempt of each operation. Whoever waits asks again, above this.
///
/// Blocks:  each call for its exchanges with the backend, retries included, at most until `deadline`.
/// Limits:  a name is any byte string of 1 byte or more. What a backend cannot store as it is, a
///          driver escapes or hashes; names that it keeps for itself it refuses.
/// Errors:  no effect - Error for a name that is refused; AccessDenied, NotImplemented; Cancelled
///          before anything was sent; ConnectionError, OperationTimedOut likewise
///          unknown   - ConnectionError, OperationTimedOut, Cancelled, Error once it may have been done
class Locks {
public:
    virtual ~Locks() = default;
    /// Takes the lock if nobody holds it; nullopt when another owner does. `owner` comes from
    /// new_owner() and stays the same across repetitions of one acquisition: who finds itself the
    /// owner has acquired. The lease is believed from when the request was sent, see belief_length().
    ///
    /// Errors:  unknown - as of the class; the lock may be taken: the caller releases it, or lets it
    ///          lapse
    virtual std::optional<Lease> try_acquire(const std::string& name, const std::string& owner,
                                             Deadline deadline) = 0;
    /// Extends the lease by ttl() and moves `belief_until`; false when it is no longer ours: then it
    /// is lost for good.
    ///
    /// Errors:  as of the class; `lease` keeps its old `belief_until`, and may be renewed again
    virtual bool renew(Lease& lease, Deadline deadline) = 0;
    /// Gives the lock up; false when it was no longer ours. Never removes another owner's lock, so it
    /// may be repeated.
    ///
    /// Errors:  unknown - as of the class; it is free at its ttl at the latest
    virtual bool release(const Lease& lease, Deadline deadline) = 0;
    /// Removes whoever holds the lock; false when nobody did.
    ///
    /// Errors:  as of the class; none - NotImplemented where a hold ends with its process only
    virtual bool break_lock(const std::string& name, Deadline deadline) = 0;
    /// Who holds the lock; nullopt when nobody does. Disturbs nobody.
    ///
    /// Errors:  as of the class, all without an effect
    virtual std::optional<Holder> holder(const std::string& name, Deadline deadline) = 0;
    /// Removes the hold that holder() told, and none that came after it; false when it is gone.
    ///
    /// Errors:  as break_lock()
    virtual bool break_holder(const std::string& name, const Holder& holder,
                              Deadline deadline) = 0;
    /// Whether the backend still names this acquisition as the owner.
    ///
    /// Errors:  as of the class, all without an effect
    virtual bool is_owner(const Lease& lease, Deadline deadline) = 0;
    /// A name that no other acquisition has, of this process or another. Does no I/O.
    virtual std::string new_owner() = 0;
    /// How long an unrenewed lease lives; Duration::max() where a lease does not lapse.
    virtual Duration ttl() const noexcept = 0;
};

}  // namespace conclave
