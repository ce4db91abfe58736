#pragma once

// Runs a Plan: a world with the real driver against simulated servers, a recorder, the checkers.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "conclave/properties/characteristics.hpp"
#include "conclave/properties/checkers.hpp"
#include "conclave/registry.hpp"
#include "conclave/scenarios/plan.hpp"
#include "conclave/scenarios/snapshot.hpp"
#include "conclave/sim/trace.hpp"

namespace conclave::scenarios {

/// One property of one run against what the configuration claims.
struct Judgement {
    properties::Verdict verdict;
    bool claimed = false;
    std::string why;                       ///< one sentence, when violated
    std::vector<std::string> last_events;  ///< up to the violation, oldest first
    /// The driver follows another implementation, and that one claims it; `claimed` is false then.
    bool claimed_by_foil = false;
    /// A violation of what is claimed fails; of what is not, it is expected evidence.
    bool failed() const { return claimed && verdict.outcome == properties::Outcome::violated; }
};

struct RunResult {
    std::uint64_t trace_hash = 0;
    std::uint64_t steps = 0;
    std::uint64_t events = 0;          ///< of the trace
    std::uint64_t operations = 0;      ///< that ended ok
    std::uint64_t faults = 0;          ///< that found something to disturb
    std::uint64_t unknown = 0;         ///< operations of unknown outcome
    std::int64_t simulated_ns = 0;
    std::vector<Judgement> judgements;
    properties::Coverage coverage = {};  ///< of the characteristics, when they are judged
    /// When each client began each of its steps; never_ns for those it never came to.
    std::map<std::string, std::vector<std::int64_t>> step_begin_ns;
    /// When each fault began; never_ns for one whose moment did not come or that met nothing.
    std::vector<std::int64_t> fault_begin_ns;
    std::map<std::string, std::uint64_t> milestones;  ///< how often what is listed in moments.hpp was
    /// Environment calls of each process in the phase with faults, and choices of the scheduler.
    std::map<std::string, std::uint64_t> calls;
    std::uint64_t choices = 0;
    sim::Trace trace{false};
    properties::History history = {};  ///< what clients did and saw, when it was to be kept
    std::optional<Snapshot> stopped = {};  ///< where the run was cut off; then it is not judged
};

/// A moment to be named among the last events before a violation.
struct Mark {
    Duration at{};
    std::string text;
};

struct RunOptions {
    bool keep_trace = false;
    const DriverRegistry* drivers = nullptr;  ///< instead of all_drivers(), for wrong ones on trial
    std::vector<Mark> marks = {};
    bool judged = true;  ///< else nothing is looked for in what happened
    bool keep_history = false;
    /// The run is cut off at this time of the world, before what happens later.
    std::optional<Duration> until = {};
    /// Or once its trace has so many events and no fiber runs; 0 does not.
    std::uint64_t until_event = 0;
};

/// Errors: std::exception from a bug in the code under test other than a property violation.
RunResult run_plan(const Plan& plan, RunOptions options = {});

/// The properties that a run can be judged by, and of each what its violation comes from.
std::map<std::string, std::string> judged_properties();

/// Names of the driver configurations that run_plan() knows.
std::vector<std::string> driver_configurations();

}  // namespace conclave::scenarios
