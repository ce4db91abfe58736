#pragma once

// The guard: a process between the tool and CMD that ends CMD's process group in time, whatever
// becomes of the tool. It has a process group of its own, blocks every signal that can be blocked,
// and after its fork calls only what is safe there: nothing is allocated, nothing waits without a
// timer or a peer's end.
//
// CMD is its child, and so is what CMD leaves behind (PR_SET_CHILD_SUBREAPER): a group number
// cannot pass to strangers while it is signalled, and the guard sees when the group is empty.

#include <signal.h>
#include <sys/types.h>

#include <cstdint>

#include "guard_messages.hpp"

namespace conclave::tool {

/// Everything the guard needs, made before its fork.
struct GuardPlan {
    char* const* command = nullptr;      ///< argv of CMD, null at its end
    char* const* environment = nullptr;  ///< of CMD
    char* token_digits = nullptr;        ///< in `environment`: room for 20 digits and a zero
    sigset_t mask{};                     ///< of CMD
    std::int64_t kill_after = 0;         ///< ns from SIGTERM to SIGKILL, when there is the time
    bool foreground = false;             ///< CMD gets the terminal, and the tool gets it back
    pid_t tool_group = 0;
};

/// The guard's life, in the forked process. `channel` is its end of a SOCK_SEQPACKET pair; when the
/// other end closes, CMD is ended at once: nobody renews the hold any more.
[[noreturn]] void run_guard(const GuardPlan& plan, int channel) noexcept;

}  // namespace conclave::tool
