#pragma once

// Mutual exclusion between clients. An owner is one acquisition: not a thread, not a Mutex object.

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "conclave/name.hpp"
#include "conclave/validity.hpp"

namespace conclave {

/// A lock that is held. See Handle.
class [[nodiscard]] HeldLock : public Handle {
public:
    /// Gives the lock up. False when it was no longer ours.
    ///
    /// Blocks:  for one exchange with the backend, at most the operation timeout.
    /// Errors:  unknown - ConnectionError, OperationTimedOut; the hold has ended for us in any case,
    ///          and lapses at the backend at its ttl
    bool release() { return give_up(); }
    Result<bool> try_release();

private:
    friend class Mutex;
    HeldLock(std::shared_ptr<detail::ClientCore> core, std::shared_ptr<detail::Hold> hold)
        : Handle(std::move(core), std::move(hold)) {}
};

/// A named lock. Any thread may use it, and copies of it; all acquisitions exclude each other.
class Mutex {
public:
    Mutex(std::shared_ptr<detail::ClientCore> core, LockName name);

    /// Waits without a limit.
    ///
    /// Errors:  unknown - ConnectionError, OperationTimedOut only where one attempt fails for another
    ///          reason than contact; none - Cancelled when the client stops
    HeldLock acquire();
    /// Waits at most `limit`; zero is one attempt. nullopt when another owner held it throughout.
    ///
    /// Errors:  unknown - ConnectionError, OperationTimedOut: what may have been acquired is given
    ///          back in the background; none - Cancelled when the client stops
    std::optional<HeldLock> acquire_for(Duration limit);
    Result<std::optional<HeldLock>> try_acquire_for(Duration limit);

    /// Removes whoever holds the lock; false when nobody did. Its holder is not told by us.
    /// Errors: unknown - ConnectionError, OperationTimedOut; none - NotImplemented
    bool break_lock();
    Result<bool> try_break_lock();

    const LockName& name() const noexcept { return name_; }

private:
    std::optional<HeldLock> wait_for(Deadline deadline, bool once);

    std::shared_ptr<detail::ClientCore> core_;
    LockName name_;
};

/// A Mutex as the standard's TimedLockable, for std::unique_lock. The efficiency face: it hides the
/// token, and unlock() only queues the release. Any thread; unlock() by the one that locked.
class LockableMutex {
public:
    explicit LockableMutex(Mutex mutex) : mutex_(std::move(mutex)) {}

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
