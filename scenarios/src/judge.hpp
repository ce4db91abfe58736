#pragma once

// Which properties a workload is judged by, and which of them the configuration claims.

#include "conclave/properties/history.hpp"
#include "conclave/scenarios/runner.hpp"
#include "workload.hpp"

namespace conclave::scenarios {

std::vector<Judgement> judge(const Plan& plan, const properties::History& history,
                             const RunNotes& notes);

}  // namespace conclave::scenarios
