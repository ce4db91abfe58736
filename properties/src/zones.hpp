#pragma once

// Zones of Gibbons and Korach: calls that must stand together, as a value's write and reads or a hold's
// acquire and release, seen as one interval from the first return to the last call among them.
//
// Source: Gibbons and Korach, "Testing shared memories", section 4.2; Golab, Li and Shah, "Analyzing
// consistency properties for fun and profit", section 4.

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace conclave::properties {

struct Zone {
    std::int64_t first_return_ns = 0;
    std::int64_t last_call_ns = 0;
    std::uint32_t first_return = 0;  ///< the call with the first return
    std::uint32_t last_call = 0;
    std::uint32_t payload = 0;

    /// Something of the zone had returned before something of it was called: at the instants between
    /// the zone is surely under way.
    bool forward() const noexcept { return first_return_ns < last_call_ns; }
    bool must_precede(const Zone& other) const noexcept {
        return first_return_ns < other.last_call_ns;
    }
};

/// Sorts zones into an order that keeps real time, or returns two that would each have to precede the
/// other. O(n log n).
std::optional<std::pair<Zone, Zone>> arrange(std::vector<Zone>& zones);

}  // namespace conclave::properties
