#pragma once

// How long a lease may be believed: one formula for drivers and the coordinator.

#include "conclave/time.hpp"

namespace conclave {

/// Counted from when the acknowledged request was sent, by a clock that is at most 1 % off. The
/// backends count in whole milliseconds; a tenth of the lease is left for whoever acts on belief.
///
/// Limits:  `ttl` of 1 ms or more; zero or less of a ttl below that, which is never believed
/// Source:  C. Gray and D. Cheriton, "Leases", SOSP 1989, section 3.1: the holder's term is the
///          granted one less the transit and the clocks' error; docs/properties.md, told in time
constexpr Duration belief_length(Duration ttl) noexcept {
    constexpr Duration granularity = std::chrono::milliseconds(1);
    return (ttl - granularity) * 99 / 100 - ttl / 10;
}

}  // namespace conclave
