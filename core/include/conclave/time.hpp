#pragma once

// Time as a process sees it. `ProcessClock` is a tag clock without now(): the only source of a
// TimePoint is an injected Clock, so code compiled against this header cannot read the machine's
// clock. Values are signed 64-bit nanoseconds.

#include <chrono>
#include <cstdint>

namespace conclave {

using Duration = std::chrono::nanoseconds;

/// The time line of one process: it also runs while the host sleeps (CLOCK_BOOTTIME).
struct ProcessClock {
    using duration = Duration;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<ProcessClock, duration>;
    static constexpr bool is_steady = true;
};
using TimePoint = ProcessClock::time_point;

/// Wall-clock time, nanoseconds since 1970-01-01 UTC. For display and for what a backend itself
/// dates by the wall clock; never for our own deadlines.
struct WallTime {
    std::int64_t nanoseconds = 0;
    friend bool operator==(const WallTime&, const WallTime&) = default;
    friend auto operator<=>(const WallTime&, const WallTime&) = default;
};

/// An absolute instant on the caller's own process clock after which an operation gives up.
class Deadline {
public:
    constexpr explicit Deadline(TimePoint at) noexcept : at_(at) {}

    /// A deadline that no run reaches.
    static constexpr Deadline never() noexcept { return Deadline(TimePoint::max()); }

    constexpr TimePoint at() const noexcept { return at_; }
    constexpr bool is_never() const noexcept { return at_ == TimePoint::max(); }
    constexpr bool passed(TimePoint now) const noexcept { return now >= at_; }

    friend constexpr bool operator==(const Deadline&, const Deadline&) = default;
    friend constexpr auto operator<=>(const Deadline&, const Deadline&) = default;

private:
    TimePoint at_;
};

/// `at + length`, saturated at the largest TimePoint instead of overflowing.
constexpr TimePoint saturating_add(TimePoint at, Duration length) noexcept {
    if (length > Duration::zero() && at > TimePoint::max() - length) return TimePoint::max();
    return at + length;
}

}  // namespace conclave
