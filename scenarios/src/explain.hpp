#pragma once

// What led to a violation, for people.

#include <string>
#include <vector>

#include "conclave/properties/checkers.hpp"
#include "conclave/scenarios/runner.hpp"

namespace conclave::scenarios {

/// What there is to tell of a run.
struct Told {
    const Plan& plan;
    const properties::History& history;
    const std::vector<std::int64_t>& fault_begin_ns;
    const std::vector<Mark>& marks;
};

/// The last `count` events up to the violation, oldest first: operations and ends of belief that
/// touched what `verdict` is about, and faults as they began and ended. With marks, which stand among
/// them, faults and marks stay when there is more than `count`.
std::vector<std::string> last_events(const Told& told, const properties::Verdict& verdict,
                                     std::size_t count);

/// "fault partition c1 | redis-1"
std::string describe(const Fault& fault);

/// When a fault that began then is over, at the latest: the second phase begins with everything healed.
std::int64_t end_of_fault(const Plan& plan, const Fault& fault, std::int64_t begin_ns);

/// One sentence on how such a violation comes about.
std::string why(const properties::Verdict& verdict);

}  // namespace conclave::scenarios
