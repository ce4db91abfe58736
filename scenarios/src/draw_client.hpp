#pragma once

// What a seed draws for one client: its clock, its face and its steps.

#include "conclave/scenarios/scenario.hpp"
#include "conclave/sim/stream.hpp"

namespace conclave::scenarios {

/// `index` counts from 0; `seed` is the stream of the whole Plan.
ClientPlan draw_client(const Scenario& scenario, std::size_t index, const sim::Stream& seed);

}  // namespace conclave::scenarios
