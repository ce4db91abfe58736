#pragma once

// The lock under which groups change and are read: a record lock on `.driver_lock`, the one that
// tooz takes. Held for a few file operations at a time.

#include <memory>

#include "conclave/environment.hpp"
#include "conclave/sync.hpp"

namespace conclave::file {

class DriverLock {
public:
    /// Parks until the lock is ours; fibers of one driver queue for it at `turn`, processes poll.
    /// Errors: no effect - OperationTimedOut, Cancelled, and those of the file system
    DriverLock(Runtime& runtime, FiberMutex& turn, const std::string& path, Deadline deadline);
    ~DriverLock();
    DriverLock(const DriverLock&) = delete;
    DriverLock& operator=(const DriverLock&) = delete;

private:
    void poll(Runtime& runtime, const std::string& path, Deadline deadline);

    FiberMutex& turn_;
    std::unique_ptr<FileLock> lock_;
};

}  // namespace conclave::file
