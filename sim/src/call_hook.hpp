#pragma once

#include <cstdint>
#include <functional>

#include "conclave/sim/process.hpp"

namespace conclave::sim {

/// What Process::at_call() was given.
struct CallHook {
    std::uint64_t ordinal;
    CallPoint point;
    std::function<void()> action;
};

}  // namespace conclave::sim
