#pragma once

// A FiberMutex held for a scope, or an exception: nothing has been sent yet in either case.

#include <string>

#include "conclave/error.hpp"
#include "conclave/sync.hpp"

namespace conclave::redis {

class Turn {
public:
    /// Parks until it is our turn. Errors: no effect - OperationTimedOut, Cancelled.
    Turn(FiberMutex& mutex, Deadline deadline, const std::string& doing) : mutex_(mutex) {
        const Wake wake = mutex.lock(deadline);
        if (wake == Wake::timed_out)
            throw OperationTimedOut("redis: no turn for " + doing + " before its deadline");
        if (wake == Wake::cancelled)
            throw Cancelled("redis: cancelled before " + doing + " was sent");
    }
    ~Turn() { mutex_.unlock(); }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

private:
    FiberMutex& mutex_;
};

}  // namespace conclave::redis
