#pragma once

// Mutual exclusion between clients. An owner is one acquisition: not a thread, not a Mutex object.

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "conclave/holder.hpp"
#include "conclave/name.hpp"
#include "conclave/validity.hpp"

namespace conclave {

/// A lock that is held. See Handle.
class [[nodiscard]] HeldLock : public Handle {
public:
    HeldLock() = default;
    /// Gives the lock up. False when it was no longer ours.
    ///
    /// Blocks:  for one exchange with the backend, at most the operation timeout.
    /// Errors:  unknown - ConnectionError, OperationTimedOut; the hold has ended for us in any case. It
    ///          is given back again in the background, until it has lapsed at the backend at its ttl
    bool release() { return give_up(); }
    Result<bool> try_release();

private:
    friend struct detail::Asynchronous;
    friend class Mutex;
    HeldLock(std::shared_ptr<detail::ClientCore> core, std::shared_ptr<detail::Hold> hold)
        : Handle(std::move(core), std::move(hold)) {}
};

/// A named lock. Any thread may use it, and copies of it; all acquisitions exclude each other, but for
/// those that share. Each try_x() is x() with what it throws as a Failure.
class Mutex {
public:
    /// As Client::mutex(). Errors: none - Error for an empty name.
    Mutex(std::shared_ptr<detail::ClientCore> core, LockName name);

    /// Waits until the lock is ours. Contact that is lost and times out is waited for too.
    ///
    /// Blocks:  without a limit; until the client stops
    /// Errors:  none    - Cancelled when the client stops; Error when it has stopped or the backend
    ///                    refuses the name; NotImplemented, AccessDenied
    ///          unknown - Error of an attempt that the backend answered with an error of its own; what
    ///                    may have been acquired is given back in the background
    HeldLock acquire();
    Result<HeldLock> try_acquire();
    /// Waits at most `limit`; zero or less is one attempt. nullopt when another owner held it
    /// throughout.
    ///
    /// Blocks:  at most `limit`; one attempt at most the operation timeout
    /// Errors:  none    - as acquire()
    ///          unknown - ConnectionError, OperationTimedOut, Error; what may have been acquired is
    ///                    given back in the background, or lapses at its ttl
    std::optional<HeldLock> acquire_for(Duration limit);
    Result<std::optional<HeldLock>> try_acquire_for(Duration limit);

    /// As acquire_for(), together with any number of others who share the lock, while nobody holds it
    /// alone. The token is that of the last owner that was alone.
    ///
    /// Errors:  as acquire_for(); none - NotImplemented: the backend has no shared locks
    std::optional<HeldLock> acquire_shared_for(Duration limit);
    Result<std::optional<HeldLock>> try_acquire_shared_for(Duration limit);

    /// Removes whoever holds the lock; false when nobody did. Its holder is not told by us: it finds
    /// out at its next renewal, or at its deadline.
    ///
    /// Blocks:  as holder() and break_holder(): for one exchange, at most the operation timeout
    /// Errors:  unknown - ConnectionError, OperationTimedOut; none - Error when the client has stopped,
    ///          NotImplemented where a hold ends with its process only, AccessDenied
    bool break_lock();
    Result<bool> try_break_lock();
    /// Who holds the lock, as far as the backend can tell; nullopt when nobody does.
    /// Errors: none - ConnectionError, OperationTimedOut, Error when the client has stopped
    std::optional<Holder> holder();
    Result<std::optional<Holder>> try_holder();
    /// Removes the hold that holder() told, and none that came after it; false when it is gone.
    /// Errors: as break_lock().
    bool break_holder(const Holder& holder);
    Result<bool> try_break_holder(const Holder& holder);

    const LockName& name() const noexcept { return name_; }

private:
    friend struct detail::Asynchronous;
    std::optional<HeldLock> wait_for(detail::HoldKind kind, Deadline deadline, bool once);

    std::shared_ptr<detail::ClientCore> core_;
    LockName name_;
};

/// A Mutex as the standard's TimedLockable, for std::unique_lock. The efficiency face: it hides the
/// token, and unlock() only queues the release. Any thread; unlock() by the one that locked.
class LockableMutex {
public:
    explicit LockableMutex(Mutex mutex) : mutex_(std::move(mutex)) {}

    /// As Mutex::acquire(), and the others as Mutex::acquire_for(): throws what they throw.
    void lock() { keep(mutex_.acquire()); }
    bool try_lock() { return keep_if(mutex_.acquire_for(Duration::zero())); }
    template <class Rep, class Period>
    bool try_lock_for(const std::chrono::duration<Rep, Period>& limit) {
        return keep_if(mutex_.acquire_for(std::chrono::duration_cast<Duration>(limit)));
    }
    template <class Clock, class Length>
    bool try_lock_until(const std::chrono::time_point<Clock, Length>& at) {
        return try_lock_for(at - Clock::now());
    }
    void unlock() { held_.reset(); }
    /// Whether the hold may still be believed. Requires: locked by the calling thread.
    bool valid() const noexcept { return held_ && held_->valid(); }

private:
    // Only who holds the distributed lock writes here, and the next holder comes after its release.
    void keep(HeldLock held) { held_.emplace(std::move(held)); }
    bool keep_if(std::optional<HeldLock> held) {
        if (held) keep(std::move(*held));
        return held.has_value();
    }

    Mutex mutex_;
    std::optional<HeldLock> held_;
};

}  // namespace conclave
