#pragma once

// How long a lease may be believed: one formula for drivers and the coordinator.

#include "conclave/time.hpp"

namespace conclave {

/// Counted from when the acknowledged request was sent, by a clock that is at most 1 % off. The
/// backends count in whole milliseconds; a tenth of the lease is left for whoever acts on belief.
constexpr Duration belief_length(Duration ttl) noexcept {
    constexpr Duration granularity = std::chrono::milliseconds(1);
    return (ttl - granularity) * 99 / 100 - ttl / 10;
}

}  // namespace conclave
