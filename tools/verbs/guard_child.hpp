#pragma once

// How the guard starts CMD. Only calls that are safe after a fork.

#include <sys/types.h>

#include <cstdint>

#include "guard_process.hpp"

namespace conclave::tool {

struct Started {
    pid_t pid = -1;    ///< the leader of a group of its own
    int error = 0;     ///< an errno, when there is none
    int failure = -1;  ///< once it has ended: holds the errno for which it could not be executed
};

/// Does not wait for the exec, which may hang on a file system.
Started start_child(const GuardPlan& plan) noexcept;
/// The errno in Started::failure, or 0.
int execution_error(int failure) noexcept;

/// Writes `number` in decimal and a zero to `digits`, which has room for 21 characters.
void write_digits(std::uint64_t number, char* digits) noexcept;

}  // namespace conclave::tool
