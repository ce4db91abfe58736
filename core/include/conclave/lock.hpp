#pragma once

// A named lock of one coordinator. Thread-safety: one thread or fiber at a time; acquired() any.

#include <cstdint>
#include <memory>
#include <string>

#include "conclave/time.hpp"

namespace conclave {

namespace detail {
class ClientCore;
struct Hold;
}  // namespace detail

/// Mutual exclusion by a lease. Not re-entrant: an acquire() of a held Lock waits or fails.
///
/// A hold ends at the latest at its local deadline, by the local clock and without I/O: acquired()
/// is then false although nobody told us. What happens between a look at it and the protected
/// effect is what token() is for.
class Lock {
public:
    Lock(std::shared_ptr<detail::ClientCore> core, std::string name);
    /// Forgets the lock without waiting: renewal stops, and a bounded release is handed to the
    /// coordinator.
    ~Lock();
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

    /// Blocking: waits without a limit. Otherwise one attempt; false when another owner holds it, and
    /// when this very object does. Errors: none - NotImplemented when `shared` and the backend has no
    /// shared locks; Cancelled when the coordinator stops.
    /// Errors: unknown - ConnectionError, OperationTimedOut; what may have been acquired is given
    /// back in the background, and lapses at its ttl at the latest.
    bool acquire(bool blocking = true, bool shared = false);
    /// Waits at most `limit`, then returns false.
    bool acquire_for(Duration limit);
    /// False when the lock was not held (any more). Errors: unknown - ConnectionError,
    /// OperationTimedOut; the hold has ended for us in any case.
    bool release();
    /// Removes whoever holds the lock; false when nobody did.
    bool break_();
    /// Asks the backend whether it still names this acquisition.
    bool is_still_owner();
    /// Renews the lease now; false when it is lost.
    bool heartbeat();

    /// Whether this hold may still be believed; no I/O.
    bool acquired() const noexcept;
    /// The driver's counter of the current or last hold: a fence where the driver claims
    /// Feature::fencing, else information.
    std::uint64_t token() const noexcept;
    /// When the current hold ends unless renewed, or when the last one ended; TimePoint::min() when
    /// there was none.
    TimePoint believed_until() const noexcept;
    const std::string& name() const noexcept { return name_; }

private:
    bool acquire_until(Deadline deadline, bool once);
    void abandon() noexcept;
    friend class LockGuard;

    std::shared_ptr<detail::ClientCore> core_;
    std::string name_;
    std::shared_ptr<detail::Hold> hold_;
    std::shared_ptr<detail::Hold> last_;  ///< the current or last hold
};

/// Holds a Lock for a scope. The release is queued, not waited for.
class [[nodiscard]] LockGuard {
public:
    /// Waits without a limit. Errors: none - LockAcquireFailed; what Lock::acquire() throws.
    explicit LockGuard(Lock& lock);
    ~LockGuard();
    LockGuard(const LockGuard&) = delete;
    LockGuard& operator=(const LockGuard&) = delete;

private:
    Lock& lock_;
};

}  // namespace conclave
