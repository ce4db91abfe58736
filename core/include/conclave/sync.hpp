#pragma once

// Waiting, written once over park and unpark: so the simulator owns every wait for free. Everything
// here belongs to one runtime and is not thread-safe.

#include <cstddef>
#include <deque>
#include <optional>
#include <utility>

#include "conclave/environment.hpp"
#include "conclave/scheduler.hpp"

namespace conclave {

/// Fibers waiting for one thing, first come first served.
class WaitList {
public:
    explicit WaitList(Scheduler& scheduler) noexcept : scheduler_(scheduler) {}
    ~WaitList();
    WaitList(const WaitList&) = delete;
    WaitList& operator=(const WaitList&) = delete;

    /// Parks the calling fiber until it is notified; a notification is never lost to a time-out
    /// that fires at the same instant.
    Wake wait(Deadline deadline);
    bool notify_one() noexcept;  ///< false when nobody waits
    void notify_all() noexcept;
    bool empty() const noexcept { return first_ == nullptr; }

private:
    struct Node;
    void remove(Node& node) noexcept;
    Scheduler& scheduler_;
    Node* first_ = nullptr;
    Node* last_ = nullptr;
};

/// Parks until `deadline`; false when the group was cancelled first.
bool sleep_until(Runtime& runtime, Deadline deadline);
bool sleep_for(Runtime& runtime, Duration length);

/// A latch: once set it stays set until reset().
class Latch {
public:
    explicit Latch(Scheduler& scheduler) noexcept : waiters_(scheduler) {}
    void set() noexcept;
    void reset() noexcept { set_ = false; }
    bool is_set() const noexcept { return set_; }
    Wake wait(Deadline deadline);

private:
    WaitList waiters_;
    bool set_ = false;
};

/// Mutual exclusion between fibers of one runtime, first come first served.
class FiberMutex {
public:
    explicit FiberMutex(Scheduler& scheduler) noexcept : waiters_(scheduler) {}
    Wake lock(Deadline deadline);  ///< locked exactly when it returns notified
    void unlock() noexcept;
    bool locked() const noexcept { return locked_; }

private:
    WaitList waiters_;
    bool locked_ = false;
};

/// Unlocks at scope end what FiberMutex::lock() granted.
class FiberMutexGuard {
public:
    explicit FiberMutexGuard(FiberMutex& mutex) noexcept : mutex_(mutex) {}
    ~FiberMutexGuard() { mutex_.unlock(); }
    FiberMutexGuard(const FiberMutexGuard&) = delete;
    FiberMutexGuard& operator=(const FiberMutexGuard&) = delete;

private:
    FiberMutex& mutex_;
};

/// A bounded queue between fibers of one runtime.
template <class T>
class Channel {
public:
    Channel(Scheduler& scheduler, std::size_t capacity)
        : readers_(scheduler), writers_(scheduler), capacity_(capacity) {}

    /// Parks while the queue is full; anything but notified leaves `item` unsent.
    Wake send(T item, Deadline deadline) {
        while (items_.size() >= capacity_ && !closed_)
            if (Wake wake = writers_.wait(deadline); wake != Wake::notified) return wake;
        if (closed_) return Wake::cancelled;
        items_.push_back(std::move(item));
        readers_.notify_one();
        return Wake::notified;
    }
    /// nullopt at the deadline, on cancellation, or when closed and drained.
    std::optional<T> receive(Deadline deadline) {
        while (items_.empty() && !closed_)
            if (readers_.wait(deadline) != Wake::notified) return std::nullopt;
        if (items_.empty()) return std::nullopt;
        std::optional<T> item(std::move(items_.front()));
        items_.pop_front();
        writers_.notify_one();
        return item;
    }
    void close() noexcept {
        closed_ = true;
        readers_.notify_all();
        writers_.notify_all();
    }

private:
    std::deque<T> items_;
    WaitList readers_;
    WaitList writers_;
    std::size_t capacity_;
    bool closed_ = false;
};

}  // namespace conclave
