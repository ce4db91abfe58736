#pragma once

// A named lock of one coordinator. Thread-safety: any thread, at the same time too; a LockGuard has one
// owner. Source: tooz locking.Lock; deliberate differences stand at each method.

#include <cstdint>
#include <memory>
#include <string>

#include "conclave/time.hpp"

namespace conclave {

namespace detail {
class ClientCore;
struct Hold;
enum class HoldKind : std::uint8_t;
class LockHolds;
}  // namespace detail

/// Mutual exclusion by a lease. Not re-entrant: an acquire() of a held Lock waits or fails. But one
/// Lock may share its lock several times over, and is to be released as often.
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
    /// when this very object does. `shared`: together with any number of others who share it, while
    /// nobody holds it alone.
    ///
    /// Blocks:  without a limit when `blocking`, else for one attempt, at most the operation timeout
    /// Errors:  none    - Error when the coordinator was not started or the backend refuses the name;
    ///                    NotImplemented when `shared` and the backend has no shared locks; Cancelled
    ///                    when the coordinator stops; AccessDenied
    ///          unknown - ConnectionError, OperationTimedOut; what may have been acquired is given
    ///                    back in the background, and lapses at its ttl at the latest
    bool acquire(bool blocking = true, bool shared = false);
    /// Waits at most `limit`, then returns false; zero or less is one attempt. Errors: as acquire().
    bool acquire_for(Duration limit, bool shared = false);
    /// Gives up the hold acquired last. False when the lock was not held (any more).
    ///
    /// Blocks:  as break_(), is_still_owner() and heartbeat() do: for one exchange with the backend,
    ///          at most the operation timeout
    /// Errors:  unknown - ConnectionError, OperationTimedOut; the hold has ended for us in any case,
    ///          and at the backend at its ttl at the latest
    bool release();
    /// Removes whoever holds the lock, this object too; false when nobody did. The holder is not told:
    /// it finds out at its next renewal, or at its deadline.
    /// Errors: none - NotImplemented; unknown - ConnectionError, OperationTimedOut
    bool break_();
    /// Asks the backend whether it still names this acquisition; false when there is none.
    /// Errors: none - ConnectionError, OperationTimedOut
    bool is_still_owner();
    /// Renews the lease now; false when it is lost, or there is none.
    /// Errors: unknown - ConnectionError, OperationTimedOut; it is believed until believed_until()
    bool heartbeat();

    /// Whether a hold of this object may still be believed; no I/O.
    bool acquired() const noexcept;
    /// The driver's counter of the hold acquired last: a fence where the driver claims
    /// Feature::fencing, else information. Of a shared hold it is that of the last one that was alone.
    std::uint64_t token() const noexcept;
    /// When the hold acquired last ends unless renewed, or when it ended; TimePoint::min() when there
    /// was none.
    TimePoint believed_until() const noexcept;
    const std::string& name() const noexcept { return name_; }

private:
    friend class LockGuard;
    bool acquire_until(detail::HoldKind kind, Deadline deadline, bool once);
    void abandon_last() noexcept;
    void abandon(std::shared_ptr<detail::Hold> hold) noexcept;

    std::shared_ptr<detail::ClientCore> core_;
    std::string name_;
    std::unique_ptr<detail::LockHolds> holds_;
};

/// Holds a Lock for a scope. The release is queued, not waited for; it does nothing when the lock was
/// released within.
class [[nodiscard]] LockGuard {
public:
    /// As Lock::acquire(). Errors: none - LockAcquireFailed when it was not acquired; what acquire()
    /// throws.
    explicit LockGuard(Lock& lock, bool blocking = true, bool shared = false);
    /// As Lock::acquire_for(), likewise.
    LockGuard(Lock& lock, Duration limit, bool shared = false);
    ~LockGuard();
    LockGuard(const LockGuard&) = delete;
    LockGuard& operator=(const LockGuard&) = delete;

    Lock& lock() const noexcept { return lock_; }

private:
    Lock& lock_;
};

}  // namespace conclave
