#pragma once

#include <cstdint>

namespace conclave::bench {

/// Messages a second of processor time of the least that any such simulator does: fibers in pairs wake each other
/// through a heap of timed events, and every event is hashed. No bytes, no windows, no faults.
double bare_loop_rate(int fibers, std::uint64_t messages);

}  // namespace conclave::bench
