#pragma once

// What the tool and the guard of its CMD tell each other, one packet each. Both are the same
// program, so the structures are their own wire format.

#include <cstdint>
#include <limits>

namespace conclave::tool {

/// When CMD must be told to end and when it must be gone; ns of CLOCK_BOOTTIME.
struct Window {
    std::int64_t terminate_at = std::numeric_limits<std::int64_t>::max();
    std::int64_t kill_at = std::numeric_limits<std::int64_t>::max();
    friend bool operator==(const Window&, const Window&) = default;
};

struct Order {
    enum class Kind : std::uint32_t {
        keep,     ///< hold the descriptors that come along until CMD is gone
        start,    ///< CMD, with `token` in its environment
        extend,   ///< the window, unless it was overstepped
        pass_on,  ///< `signal` to CMD's group
    };
    Kind kind = Kind::extend;
    std::int32_t signal = 0;
    std::uint64_t token = 0;
    Window window;
};

struct Report {
    enum class Kind : std::uint32_t {
        started,      ///< `value` is CMD's process group
        not_started,  ///< `value` is why, an errno; 0: the window had been overstepped
        ended,        ///< the whole group has; `value` is CMD's wait status
    };
    Kind kind = Kind::ended;
    std::int32_t value = 0;
    bool overstepped = false;  ///< the guard ended CMD at its deadline
};

}  // namespace conclave::tool
