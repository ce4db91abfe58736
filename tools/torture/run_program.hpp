#pragma once

// Runs a program and waits for it, within a bound.

#include <string>
#include <vector>

#include "conclave/time.hpp"

namespace conclave::torture {

struct ProgramEnd {
    int code = -1;     ///< 128 + n after signal n; -1 when it did not end in time and was killed
    std::string text;  ///< what it printed on stdout
    bool ok() const noexcept { return code == 0; }
};

/// Runs `arguments`, found along PATH; stderr is ours. `NAME=VALUE` in `environment` is added to what
/// it inherits. Blocks: at most `limit`. Errors: std::system_error when no process can be started.
ProgramEnd run_program(const std::vector<std::string>& arguments, Duration limit,
                       const std::vector<std::string>& environment = {});

}  // namespace conclave::torture
