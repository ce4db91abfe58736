#pragma once

// Hangs a drawn fault on a moment.

#include "backend.hpp"
#include "conclave/scenarios/plan.hpp"
#include "conclave/sim/stream.hpp"

namespace conclave::scenarios {

/// Half of the faults: where what they disturb is decided, rather than at any time. They come around
/// the ends of leases, at changes of roles, and where something is used for the first time.
void draw_anchor(const Plan& plan, const Topology& topology, Fault& fault, sim::Stream stream);

}  // namespace conclave::scenarios
