#include "process_locks.hpp"

#include <algorithm>

#include "outcome.hpp"

namespace conclave::tooz {

namespace {
constexpr Duration pause_step = std::chrono::milliseconds(10);
constexpr Duration longest_pause = std::chrono::milliseconds(100);
}  // namespace

ProcessLocks::Barrier& ProcessLocks::barrier(const std::string& path) {
    std::unique_ptr<Barrier>& barrier = barriers_[path];
    if (!barrier) barrier = std::make_unique<Barrier>(runtime_.scheduler);
    return *barrier;
}

bool ProcessLocks::try_lock(const std::string& path, const std::string& name, Deadline deadline) {
    if (locked_.contains(name)) return true;
    FileLocked locked = runtime_.files.try_lock(path, LockSharing::exclusive, deadline);
    if (locked.outcome.status == FileStatus::locked) return false;
    require(locked.outcome);
    locked_.insert_or_assign(name, std::move(locked.lock));
    return true;
}

bool ProcessLocks::lock(const std::string& path, const std::string& name, Deadline deadline) {
    for (Duration pause = pause_step; !try_lock(path, name, deadline);
         pause = std::min(pause + pause_step, longest_pause)) {
        const Deadline next = runtime_.after(pause);
        if (next >= deadline) return false;
        if (!sleep_until(runtime_, next)) throw Cancelled("cancelled waiting for " + path);
    }
    return true;
}

bool ProcessLock::acquire(bool shared, Deadline deadline) {
    ProcessLocks::Barrier& barrier = process_->barrier(path_);
    while (barrier.owned && !(shared && barrier.shared)) {
        const Wake wake = barrier.changed.wait(deadline);
        if (wake == Wake::cancelled) throw Cancelled("cancelled waiting for " + path_);
        if (wake == Wake::timed_out) return false;
    }
    barrier.owned = true;
    barrier.shared = shared;
    ++barrier.references;
    // Whatever happens, so that another may try: also when others who share count on it.
    struct Reset {
        ProcessLocks::Barrier& barrier;
        bool gotten = false;
        ~Reset() {
            if (gotten) return;
            barrier.owned = barrier.shared = false;
            barrier.references = 0;
            barrier.changed.notify_all();
        }
    } reset{barrier};
    reset.gotten = process_->lock(path_, name_, deadline);
    acquired_ = reset.gotten;
    return acquired_;
}

bool ProcessLock::release() noexcept {
    if (!acquired_) return false;
    acquired_ = false;
    ProcessLocks::Barrier& barrier = process_->barrier(path_);
    if (--barrier.references != 0) return true;
    barrier.owned = false;
    process_->unlock(name_);
    barrier.changed.notify_all();
    return true;
}

}  // namespace conclave::tooz
