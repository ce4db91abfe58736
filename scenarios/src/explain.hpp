#pragma once

// What led to a violation, for people.

#include <string>
#include <vector>

#include "conclave/properties/checkers.hpp"
#include "conclave/scenarios/plan.hpp"

namespace conclave::scenarios {

/// The last `count` events up to the violation, oldest first: operations and ends of belief that
/// touched what `verdict` is about, and faults as they began and ended.
std::vector<std::string> last_events(const Plan& plan, const properties::History& history,
                                     const properties::Verdict& verdict, std::size_t count);

/// One sentence on how such a violation comes about.
std::string why(const properties::Verdict& verdict);

}  // namespace conclave::scenarios
