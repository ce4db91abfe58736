#pragma once

// Record locks as a process of tooz has them. They belong to the process: it is granted again what
// it has locked already, through any descriptor, and loses it when it closes one of them. So a
// barrier in memory keeps its own threads apart; there is one for each spelling of the path.
// Source: tooz 3.1 to 9.0 drivers/file.py FileLock and FileDriver._barriers; fasteners 0.17
// process_lock.py; POSIX fcntl().

#include <map>
#include <memory>
#include <string>

#include "conclave/environment.hpp"
#include "conclave/sync.hpp"

namespace conclave::tooz {

/// What all coordinators of one process share.
class ProcessLocks {
public:
    explicit ProcessLocks(Runtime& runtime) : runtime_(runtime) {}
    bool is_of(const Runtime& runtime) const noexcept { return &runtime_ == &runtime; }

    struct Barrier {
        explicit Barrier(Scheduler& scheduler) : changed(scheduler) {}
        bool owned = false;
        bool shared = false;
        int references = 0;
        WaitList changed;
    };
    Barrier& barrier(const std::string& path);

    /// Tries until `deadline`, less and less often. `name` is the path within the folder: in the
    /// simulator a process opens one, so that it tells files apart however the folder is spelled.
    bool lock(const std::string& path, const std::string& name, Deadline deadline);
    /// Whoever else in the process counts on the lock. Never parks.
    void unlock(const std::string& name) noexcept { locked_.erase(name); }

private:
    bool try_lock(const std::string& path, const std::string& name, Deadline deadline);

    Runtime& runtime_;
    std::map<std::string, std::unique_ptr<Barrier>> barriers_;
    std::map<std::string, std::unique_ptr<FileLock>> locked_;
};

/// tooz's FileLock.
class ProcessLock {
public:
    ProcessLock(std::shared_ptr<ProcessLocks> process, std::string path, std::string name)
        : process_(std::move(process)), path_(std::move(path)), name_(std::move(name)) {}

    /// False at the deadline. Errors: no effect - Cancelled, those of the file system.
    bool acquire(bool shared, Deadline deadline);
    /// False when it was not acquired. Never parks.
    bool release() noexcept;
    bool acquired() const noexcept { return acquired_; }

private:
    std::shared_ptr<ProcessLocks> process_;
    const std::string path_;
    const std::string name_;
    bool acquired_ = false;
};

}  // namespace conclave::tooz
