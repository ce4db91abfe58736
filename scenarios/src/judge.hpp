#pragma once

// Which properties a workload is judged by, and which of them the configuration claims.

#include "conclave/properties/history.hpp"
#include "conclave/scenarios/runner.hpp"
#include "workload.hpp"

namespace conclave::scenarios {

/// `calls` is null where drivers were not observed; then the ten characteristics are not judged.
std::vector<Judgement> judge(const Plan& plan, const properties::History& history, CallLog* calls,
                             const RunNotes& notes);

/// The names of the properties that a run of `plan` may be judged by.
std::vector<std::string> properties_of(const Plan& plan);

}  // namespace conclave::scenarios
