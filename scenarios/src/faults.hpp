#pragma once

// Carries out the faults of a Plan on a world.

#include "conclave/scenarios/plan.hpp"
#include "conclave/sim/world.hpp"
#include "deployment.hpp"
#include "recorder.hpp"

namespace conclave::scenarios {

/// Schedules every fault and its end. `injected` counts those that found their target.
void schedule_faults(sim::World& world, Deployment& deployment, const Plan& plan,
                     Recorder& recorder, std::uint64_t& injected);

/// The second phase: networks heal, processes resume and restart, clocks keep their rates.
void heal_everything(sim::World& world, Deployment& deployment);

/// Errors: FileError when a fault names a host that the topology lacks.
void check_targets(const Plan& plan);

}  // namespace conclave::scenarios
