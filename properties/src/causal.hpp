#pragma once

#include <optional>

#include "causal_graph.hpp"

namespace conclave::properties {

/// Above this many clock entries the checker gives up: four bytes each.
inline constexpr std::uint64_t clock_entries_max = 200'000'000;

Finding causal_registers(const Calls& history);
Finding causal_groups(const Calls& history);

inline Finding causal_unsure(std::string reason) {
    Finding finding;
    finding.method = "clocks";
    finding.reason = std::move(reason);
    return finding;
}

}  // namespace conclave::properties
