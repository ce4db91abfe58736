#pragma once

// What is judged of a torture, by the checkers that judge simulated runs. Pure.

#include <string>
#include <vector>

#include "conclave/properties/checkers.hpp"
#include "merged.hpp"

namespace conclave::torture {

struct Judgement {
    properties::Verdict verdict;
    bool claimed = false;
};

/// What the calls do not tell of a run.
struct JudgedRun {
    Workload workload = Workload::lock;
    Duration ttl{};
    bool partitions = false;  ///< links were cut: then what holds across them is judged too
};

/// Every property that the workload could have shown; claimed as the driver said. Empty when no client
/// started. Requires: merged.finish() was called.
std::vector<Judgement> judge(Merged& merged, const JudgedRun& run);

/// Which kind of object the workload uses.
scenarios::Observed kind_of(Workload workload) noexcept;

}  // namespace conclave::torture
