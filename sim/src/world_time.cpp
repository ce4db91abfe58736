#include "conclave/sim/world_time.hpp"

#include <cstdio>

namespace conclave::sim {

std::ostream& operator<<(std::ostream& out, const WorldTime& time) {
    constexpr std::int64_t second = 1'000'000'000;
    char text[40];
    std::snprintf(text, sizeof text, "%lld.%09llds",
                  static_cast<long long>(time.nanoseconds / second),
                  static_cast<long long>(time.nanoseconds % second));
    return out << text;
}

}  // namespace conclave::sim
