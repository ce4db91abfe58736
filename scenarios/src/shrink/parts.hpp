#pragma once

// What a Plan consists of, and Plans with less of it.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "conclave/scenarios/plan.hpp"

namespace conclave::scenarios {

/// What a Plan has several of.
enum class Part { faults, clients, steps };

std::size_t count(const Plan& plan, Part part);

/// `plan` without `length` of its parts from `first` on. Steps count in the order of their times. With
/// a client go the faults that meet nobody else.
Plan without(const Plan& plan, Part part, std::size_t first, std::size_t length);

/// `plan` without what lies behind `end`; its phase with faults ends there if it was longer. Each
/// client keeps one step behind it: a client that has nothing left to do leaves, and that is earlier.
Plan cut_at(const Plan& plan, Duration end);

/// `plan` with every step at the time at which it began in a run, so that it begins then also without
/// the steps before it. `begin_ns` is RunResult::step_begin_ns.
Plan pinned(const Plan& plan, const std::map<std::string, std::vector<std::int64_t>>& begin_ns);

/// `plan` with every fault that hung on a moment at the time at which it began in a run, so that it
/// begins then also without what came before. `begin_ns` is RunResult::fault_begin_ns.
Plan at_times(const Plan& plan, const std::vector<std::int64_t>& begin_ns);

/// Everything at `from` and later comes `by` earlier, the end too.
Plan sooner(const Plan& plan, Duration from, Duration by);

/// The different times at which something is to happen, in order.
std::vector<Duration> times_of(const Plan& plan);

}  // namespace conclave::scenarios
