#pragma once

// The simulator's own time line: nanoseconds since the world began. Only the world, its faults and
// its tests see it; a process sees a TimePoint of its own clock, and the two do not convert.

#include <compare>
#include <cstdint>
#include <ostream>

#include "conclave/time.hpp"

namespace conclave::sim {

struct WorldTime {
    std::int64_t nanoseconds = 0;

    friend constexpr bool operator==(const WorldTime&, const WorldTime&) = default;
    friend constexpr auto operator<=>(const WorldTime&, const WorldTime&) = default;
    friend constexpr WorldTime operator+(WorldTime time, Duration length) {
        return {time.nanoseconds + length.count()};
    }
    friend constexpr Duration operator-(WorldTime later, WorldTime earlier) {
        return Duration(later.nanoseconds - earlier.nanoseconds);
    }
    /// Prints seconds with all nine decimals.
    friend std::ostream& operator<<(std::ostream& out, const WorldTime& time);
};

/// The instant `length` after the world began.
constexpr WorldTime at_time(Duration length) { return {length.count()}; }

}  // namespace conclave::sim
