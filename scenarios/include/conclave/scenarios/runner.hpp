#pragma once

// Runs a Plan: a world with the real driver against simulated servers, a recorder, the checkers.

#include <cstdint>
#include <string>
#include <vector>

#include "conclave/properties/checkers.hpp"
#include "conclave/registry.hpp"
#include "conclave/scenarios/plan.hpp"
#include "conclave/sim/trace.hpp"

namespace conclave::scenarios {

/// One property of one run against what the configuration claims.
struct Judgement {
    properties::Verdict verdict;
    bool claimed = false;
    std::string why;                       ///< one sentence, when violated
    std::vector<std::string> last_events;  ///< up to the violation, oldest first
    /// A violation of what is claimed fails; of what is not, it is expected evidence.
    bool failed() const { return claimed && verdict.outcome == properties::Outcome::violated; }
};

struct RunResult {
    std::uint64_t trace_hash = 0;
    std::uint64_t steps = 0;
    std::uint64_t operations = 0;      ///< that ended ok
    std::uint64_t faults = 0;          ///< injected
    std::uint64_t unknown = 0;         ///< operations of unknown outcome
    std::int64_t simulated_ns = 0;
    std::vector<Judgement> judgements;
    sim::Trace trace{false};
};

struct RunOptions {
    bool keep_trace = false;
    const DriverRegistry* drivers = nullptr;  ///< instead of all_drivers(), for wrong ones on trial
};

/// Errors: std::exception from a bug in the code under test other than a property violation.
RunResult run_plan(const Plan& plan, RunOptions options = {});

/// Names of the driver configurations that run_plan() knows.
std::vector<std::string> driver_configurations();

}  // namespace conclave::scenarios
