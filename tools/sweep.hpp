#pragma once

// Runs the seeds of one unit, in worker processes when asked: a crash then costs one seed.

#include <functional>

#include "run_options.hpp"

namespace conclave::tool {

/// Calls `done` for each seed in increasing order whatever the number of jobs; it returns false to
/// stop early.
void sweep(const Unit& unit, const RunArguments& arguments,
           const std::function<bool(const SeedResult&)>& done);

}  // namespace conclave::tool
