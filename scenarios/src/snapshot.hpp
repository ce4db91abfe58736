#pragma once

// Takes a Snapshot of a run under way.

#include "conclave/scenarios/snapshot.hpp"
#include "deployment.hpp"
#include "faults.hpp"
#include "recorder.hpp"

namespace conclave::scenarios {

/// Changes nothing.
Snapshot take_snapshot(const sim::World& world, const Plan& plan, const Deployment& deployment,
                       const Recorder& recorder, const FaultRun& faults);

}  // namespace conclave::scenarios
