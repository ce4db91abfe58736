#pragma once

// Failing Plans that were kept, in the folder of --out, and that are run again before anything else.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "report.hpp"

namespace conclave::tool {

/// Writes `plan` with the hash of the run that showed the failure; the file's path.
/// Errors: scenarios::FileError when it cannot be written.
std::string save_plan(const RunArguments& arguments, const Unit& unit, scenarios::Plan plan,
                      std::uint64_t trace_hash);

/// What the saved Plans of the selected units came to.
struct SavedPlans {
    /// Of one scenario on one configuration.
    struct Failures {
        std::uint64_t violated = 0;  ///< a claim
        std::uint64_t crashes = 0;
    };
    std::map<std::pair<std::string, std::string>, Failures> failures;  ///< by scenario and driver
    Failures of(const Unit& unit) const;
};

/// Runs every saved Plan of `units` that belongs to this shard, in the order of file names, and says
/// so on stdout. A Plan that shows nothing any more is removed. A Plan that cannot be run again, and
/// one that its scenario no longer draws, are named; nothing is dropped in silence.
SavedPlans rerun_saved_plans(const std::vector<Unit>& units, const RunArguments& arguments,
                             Exporter& exporter);

}  // namespace conclave::tool
