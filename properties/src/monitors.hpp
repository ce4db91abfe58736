#pragma once

// Near-linear monitors: each knows one class of histories, and says nothing (undecided) of the rest.
// What they say is proof: a violation names calls that contradict each other whatever the others do,
// and held comes with an order.

#include <span>
#include <vector>

#include "conclave/properties/characteristics.hpp"
#include "judge_object.hpp"

namespace conclave::properties {

inline constexpr std::uint32_t nobody = UINT32_MAX;

Finding monitor_linearizable(const Calls& history, Model model,
                             std::span<const std::uint32_t> which, const CheckOptions& options);
Finding monitor_serializable(const Calls& history, Model model,
                             std::span<const std::uint32_t> which, const CheckOptions& options);
/// Registers of unique values only.
Finding monitor_same_view(const Calls& history, Model model, std::span<const std::uint32_t> which);

/// Registers whose values are each written once, with or without cas.
Finding monitor_register(const Calls& history, Model model, std::span<const std::uint32_t> which,
                         const CheckOptions& options);
/// Locks, leases and leaders whose owners make one call after the other.
Finding monitor_holds(const Calls& history, Model model, std::span<const std::uint32_t> which,
                      const CheckOptions& options);
/// Groups whose members each join once.
Finding monitor_group(const Calls& history, Model model, std::span<const std::uint32_t> which,
                      const CheckOptions& options);
Finding monitor_tokens(const Calls& history, Model model, std::span<const std::uint32_t> which,
                       const CheckOptions& options);
/// The store's own order of commits, when every update carries its revision.
Finding monitor_revisions(const Calls& history, Model model, std::span<const std::uint32_t> which,
                          const CheckOptions& options);

/// Places the updates in the given order of calls (lease_end marks the end of a lease) and every
/// observation where it is legal: held with the whole order, or undecided.
Finding judge_by_order(const Calls& history, Model model, std::span<const std::uint32_t> which,
                       const MakeOrder& make_order, const Indices& updates,
                       const CheckOptions& options, const char* method);

/// Whether some call of a session began at the instant at which an earlier one of it ended, or before,
/// or a message took no time: then real time alone does not say what the session awaited.
bool has_instants(const Calls& history, std::span<const std::uint32_t> which);

}  // namespace conclave::properties
