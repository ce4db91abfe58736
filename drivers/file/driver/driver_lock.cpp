#include "driver_lock.hpp"

#include <algorithm>

#include "conclave/error.hpp"
#include "conclave/jitter.hpp"
#include "folder.hpp"

namespace conclave::file {

namespace {

constexpr Duration first_pause = std::chrono::milliseconds(1);
constexpr Duration longest_pause = std::chrono::milliseconds(50);

/// Unlocks the turn unless the lock came to be.
struct TurnGuard {
    FiberMutex* turn;
    ~TurnGuard() {
        if (turn) turn->unlock();
    }
};

[[noreturn]] void too_late(const std::string& path) {
    throw OperationTimedOut("file: " + path + " was held by others until the deadline");
}

}  // namespace

DriverLock::DriverLock(Runtime& runtime, FiberMutex& turn, const std::string& path,
                       Deadline deadline)
    : turn_(turn) {
    const Wake wake = turn.lock(deadline);
    if (wake == Wake::timed_out) too_late(path);
    if (wake == Wake::cancelled) throw Cancelled("file: cancelled before " + path + " was locked");
    TurnGuard guard{&turn};
    poll(runtime, path, deadline);
    guard.turn = nullptr;
}

DriverLock::~DriverLock() {
    lock_.reset();
    turn_.unlock();
}

void DriverLock::poll(Runtime& runtime, const std::string& path, Deadline deadline) {
    Folder folder(runtime.files, {}, deadline);
    for (Duration pause = first_pause; !lock_; pause = std::min(2 * pause, longest_pause)) {
        lock_ = folder.try_lock(path);
        if (lock_) return;
        const Deadline next = runtime.after(jittered(runtime.random, pause));
        if (next >= deadline) too_late(path);
        if (!sleep_until(runtime, next)) throw Cancelled("file: cancelled waiting for " + path);
    }
}

}  // namespace conclave::file
