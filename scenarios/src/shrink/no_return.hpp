#pragma once

// Since when a violation could not be averted any more.

#include "trials.hpp"

namespace conclave::scenarios {

/// Of a minimal `plan` and its run: heals everything ever earlier until the property holds. Nothing when no fault
/// is needed, or when the budget ends.
std::optional<PointOfNoReturn> find_no_return(const Plan& plan, const RunResult& run,
                                             Trials& trials);

}  // namespace conclave::scenarios
