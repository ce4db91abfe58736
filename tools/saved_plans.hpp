#pragma once

// Failing Plans that were kept, in the folder of --out, and that are run again before anything else.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "report.hpp"

namespace conclave::tool {

/// Writes a Plan that failed; the file's path. Errors: scenarios::FileError when it cannot be written.
std::string save_plan(const RunArguments& arguments, const Unit& unit, const scenarios::Plan& plan);

/// What the saved Plans of the selected units came to.
struct SavedPlans {
    /// Of one scenario on one configuration.
    struct Counts {
        std::uint64_t run = 0;
        std::uint64_t violated = 0;  ///< of those run, a claim
        std::uint64_t crashes = 0;
        bool failed() const { return violated + crashes > 0; }
    };
    std::map<std::pair<std::string, std::string>, Counts> counts;  ///< by scenario and driver
    Counts of(const Unit& unit) const;
    bool any_failed() const;
};

/// Runs every saved Plan of `units` that belongs to this shard, in the order of file names, and says
/// so on stdout. A Plan that shows nothing any more is removed. A Plan that cannot be run again, and
/// one that its scenario no longer draws, are named; nothing is dropped in silence.
SavedPlans rerun_saved_plans(const std::vector<Unit>& units, const RunArguments& arguments,
                             Exporter& exporter);

}  // namespace conclave::tool
