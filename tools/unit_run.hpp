#pragma once

// One scenario on one configuration, over all its seeds.

#include "progress.hpp"
#include "saved_plans.hpp"

namespace conclave::tool {

/// Runs, judges, saves and shows. Ends at the last seed, or with the first one that is done after the
/// share of time is over.
UnitResult run_unit(const Unit& unit, const RunArguments& arguments, const SavedPlans& saved,
                    Exporter& exporter, const TimeShare& share);

}  // namespace conclave::tool
