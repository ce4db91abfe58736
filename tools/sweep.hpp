#pragma once

// Runs seeds and Plans in worker processes: a crash then costs one of them.

#include <functional>

#include "run_options.hpp"

namespace conclave::tool {

/// Calls `done` for each seed in increasing order whatever the number of jobs; it returns false to
/// stop early.
void sweep(const Unit& unit, const RunArguments& arguments,
           const std::function<bool(const SeedResult&)>& done);

/// The same for `count` Plans, in their order; each is made where it is run.
void sweep_plans(std::size_t count, const std::function<scenarios::Plan(std::size_t)>& plan,
                 const RunArguments& arguments, const std::function<bool(const SeedResult&)>& done);

/// Whether --shard leaves this seed to us.
bool in_shard(const RunArguments& arguments, std::uint64_t seed);

}  // namespace conclave::tool
