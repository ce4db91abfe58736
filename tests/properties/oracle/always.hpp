#pragma once

// The always-checked properties and the pause test, read literally: every pair is looked at. Shares
// nothing with the checkers but the history that both are given.

#include "conclave/properties/history.hpp"
#include "conclave/properties/models.hpp"
#include "conclave/properties/silence.hpp"

namespace conclave::oracle {

/// Whether two holds of one object are believed at one instant.
bool two_holders(const std::vector<properties::Hold>& holds);

/// Whether two holds of one object have one token, or a later one a smaller.
bool tokens_do_not_grow(const std::vector<properties::Hold>& holds);

/// Whether some accepted access came after one of another hold with the same token, or of a larger.
bool fence_let_through(const std::vector<properties::ResourceAccess>& accesses);

/// Whether some read misses a member that was there throughout.
bool missed_member(const properties::History& history);

/// Whether some read shows a member that crashed more than `bound_ns` before.
bool ghost_member(const properties::History& history, std::int64_t bound_ns);

/// Whether somebody who stood still for ten timeouts lost what it held.
bool lost_by_silence(const properties::Calls& history, properties::Model model,
                     const std::vector<properties::Silence>& pauses, std::int64_t timeout_ns);

}  // namespace conclave::oracle
