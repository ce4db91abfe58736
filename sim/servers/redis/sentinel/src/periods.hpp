#pragma once

// Periods of sentinel.c.

#include <cstdint>

#include "conclave/time.hpp"

namespace conclave::servers::redis {

inline constexpr Duration ping_period = std::chrono::seconds(1);
inline constexpr Duration info_period = std::chrono::seconds(10);
inline constexpr Duration publish_period = std::chrono::seconds(2);
inline constexpr Duration ask_period = std::chrono::seconds(1);
inline constexpr Duration election_timeout_max = std::chrono::seconds(10);
inline constexpr std::uint64_t start_delay_max_ms = 1000;

}  // namespace conclave::servers::redis
