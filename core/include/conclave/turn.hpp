#pragma once

// A FiberMutex held for a scope, or an exception: nothing has been sent yet in either case.

#include <string>
#include <string_view>

#include "conclave/error.hpp"
#include "conclave/sync.hpp"

namespace conclave {

class Turn {
public:
    /// Parks until it is our turn. Errors: no effect - OperationTimedOut, which ends with what
    /// `trouble` says by then, if anything; Cancelled.
    Turn(FiberMutex& mutex, Deadline deadline, std::string_view doing,
         const std::string& trouble = {})
        : mutex_(mutex) {
        const Wake wake = mutex.lock(deadline);
        if (wake == Wake::timed_out)
            throw OperationTimedOut("no turn for " + std::string(doing) + " before its deadline" +
                                    (trouble.empty() ? "" : "; the last trouble: " + trouble));
        if (wake == Wake::cancelled)
            throw Cancelled("cancelled before " + std::string(doing) + " was sent");
    }
    ~Turn() { mutex_.unlock(); }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

private:
    FiberMutex& mutex_;
};

}  // namespace conclave
