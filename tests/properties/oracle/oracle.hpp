#pragma once

// The definitions of docs/properties.md read literally: every order is tried, one call after the other,
// on states kept as plain maps. Shares nothing with the checkers but the history that both are given,
// so that a mistake would have to be made twice.

#include <optional>
#include <vector>

#include "conclave/properties/calls.hpp"
#include "conclave/properties/models.hpp"

namespace conclave::oracle {

enum class Rule { linearizable, sequential, serializable, same_view };

/// Whether some order explains the history. Exponential: for up to some ten calls.
bool explains(const properties::Calls& history, properties::Model model, Rule rule, bool strict);

/// The same for what crosses the sides of one partition.
bool explains_across(const properties::Calls& history, properties::Model model,
                     const properties::PartitionWindow& window, bool strict);

/// Whether `witness` (calls, or ends of leases marked by `lease_end`) is such an order.
bool is_explanation(const properties::Calls& history, properties::Model model, Rule rule,
                    bool strict, const std::vector<std::uint32_t>& witness,
                    std::uint32_t lease_end);

/// Causal consistency of registers of unique values and groups of unique members; nullopt elsewhere.
std::optional<bool> causal(const properties::Calls& history, properties::Model model);

}  // namespace conclave::oracle
