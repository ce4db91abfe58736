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
    bool postponed = false;  ///< its call could not stop: it is due at the next one that can
};

}  // namespace conclave::sim
