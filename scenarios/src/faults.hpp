#pragma once

// Carries out the faults of a Plan on a world.

#include "conclave/scenarios/plan.hpp"
#include "conclave/sim/world.hpp"
#include "deployment.hpp"
#include "recorder.hpp"

namespace conclave::scenarios {

/// The faults of one run; what it is made from outlives it, and it outlives the phase with faults.
class FaultRun {
public:
    FaultRun(sim::World& world, Deployment& deployment, const Plan& plan, Recorder& recorder)
        : world_(world), deployment_(deployment), plan_(plan), recorder_(recorder) {}

    /// Sees to the beginning and the end of each. Errors: FileError when a fault is to begin at a call
    /// of what is no process.
    void schedule();
    /// When each began; never_ns for one whose moment did not come or that met nothing to disturb.
    const std::vector<std::int64_t>& begin_ns() const noexcept { return begin_ns_; }
    /// How many disturbed something.
    std::uint64_t applied() const;

private:
    sim::Process& caller(const Fault& fault);
    void begin(std::size_t index);

    sim::World& world_;
    Deployment& deployment_;
    const Plan& plan_;
    Recorder& recorder_;
    std::vector<std::int64_t> begin_ns_ = {};
};

/// The second phase: networks heal, processes resume and restart, clocks keep their rates.
void heal_everything(sim::World& world, Deployment& deployment, Recorder& recorder);

}  // namespace conclave::scenarios
