#pragma once

// Shrinking: from a Plan that violates a property to a small one that violates the same property.
// Single-threaded; a function of the Plan and of the drivers, unless the caller's `over` ends it.

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>

#include "conclave/scenarios/runner.hpp"

namespace conclave::scenarios {

struct ShrinkLimits {
    std::uint64_t runs_max = 1500;  ///< of candidates, each judged as any Plan
    std::function<bool()> over;     ///< asked before each run, for limits of real time; may be empty
};

/// What makes two counterexamples the same: another property, another claim, or a server that behaves
/// in a way in which it did not, is another find.
struct Signature {
    std::string property;
    bool claimed = false;
    /// Of the servers' mechanisms a smaller run may use these and no others; unset allows any.
    std::optional<std::set<std::string>> mechanisms = {};
};
/// The mechanisms of simulated servers that a run used.
std::set<std::string> mechanisms_of(const RunResult& run);
/// The first violation of a claim, else the first violation; nothing when all holds.
std::optional<Signature> signature_of(const RunResult& run);

struct PlanSize {
    std::size_t faults = 0;
    std::size_t clients = 0;
    std::size_t steps = 0;   ///< the clients' operations
    Duration duration{};     ///< of the phase with faults
};
PlanSize size_of(const Plan& plan);

/// Since when ending every fault comes too late; found by ending them ever earlier.
struct PointOfNoReturn {
    Duration at{};
    Fault fault;            ///< the last one that began before
    bool by_fault = false;  ///< that it began settles it already
};

struct ShrinkResult {
    Plan plan;               ///< with the trace hash of its run; its seed may be another
    RunResult run;           ///< of `plan`; its last events name the point of no return
    Signature signature;     ///< with the mechanisms of the run that was shrunk
    std::uint64_t seed = 0;  ///< of the Plan that was shrunk
    PlanSize before;
    PlanSize after;
    std::uint64_t runs = 0;
    /// Every removal of one fault, one client or one step was run, and the property held each time.
    bool minimal = false;
    /// Of a minimal Plan that needs a fault.
    std::optional<PointOfNoReturn> no_return;
};

/// Shrinks `plan` as long as it violates `signature`. A candidate in which the code under test
/// throws does not count.
///
/// Limits:  `limits`; what was reached until then is returned, with `minimal` false.
/// Errors:  FileError - `plan` itself cannot be run; std::invalid_argument - it does not violate
///          `signature`.
ShrinkResult shrink(const Plan& plan, const Signature& signature, const ShrinkLimits& limits = {},
                    const RunOptions& options = {});

}  // namespace conclave::scenarios
