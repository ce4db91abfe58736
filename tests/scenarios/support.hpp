#pragma once

// Looking at runs from tests.

#include <stdexcept>
#include <string>

#include "conclave/scenarios/runner.hpp"
#include "conclave/scenarios/scenario.hpp"

namespace conclave::scenarios {

inline Scenario builtin(const std::string& name) {
    for (const auto& [known, text] : builtin_scenarios())
        if (known == name) return parse_scenario(text, name);
    throw std::runtime_error("no scenario " + name);
}

/// nullptr when the run was not judged by `property`.
inline const Judgement* judgement(const RunResult& run, const std::string& property) {
    for (const Judgement& each : run.judgements)
        if (each.verdict.property == property) return &each;
    return nullptr;
}

inline bool violated(const RunResult& run, const std::string& property) {
    const Judgement* found = judgement(run, property);
    return found && found->verdict.outcome == properties::Outcome::violated;
}

/// The first seed of `scenario` in 1..`seeds` that violates `property`; 0 when none does.
inline std::uint64_t first_violation(const Scenario& scenario, const std::string& property,
                                     std::uint64_t seeds, RunOptions options = {}) {
    for (std::uint64_t seed = 1; seed <= seeds; ++seed)
        if (violated(run_plan(draw_plan(scenario, scenario.drivers.front(), seed), options),
                     property))
            return seed;
    return 0;
}

}  // namespace conclave::scenarios
