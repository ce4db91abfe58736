#pragma once

// Between which hosts, and on which, a drawn fault stands.

#include "backend.hpp"
#include "conclave/sim/stream.hpp"

namespace conclave::scenarios {

/// Splits all hosts in two sides, neither empty.
void draw_sides(sim::Stream& stream, const Topology& topology, Fault& fault);
/// Two sides, neither empty, and hosts of neither, which reach both.
void draw_partial_sides(sim::Stream& stream, const Topology& topology, Fault& fault);
/// All hosts in an order of their own: each reaches those next to it in the ring.
void draw_ring(sim::Stream& stream, const Topology& topology, Fault& fault);

/// A server or a client; where there are sentinels, in a quarter of the draws one of them.
std::string draw_target(sim::Stream& stream, const Topology& topology, FaultAction action);

}  // namespace conclave::scenarios
