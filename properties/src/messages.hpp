#pragma once

// What sessions told each other, as edges between calls: who knew what when, by clocks of sessions.
// docs/properties.md defines it.

#include <span>
#include <vector>

#include "conclave/properties/calls.hpp"
#include "order.hpp"

namespace conclave::properties {

/// Edges that say, together with what every session awaited, which of the calls `which` precede which
/// by messages: from the last that were known to the first that were made then, so one or two a
/// message where sessions await their calls. Failed calls are left out. Throws std::length_error when
/// too many calls of one session overlap, or too many sessions know of each other.
std::vector<Edge> message_edges(const Calls& history, std::span<const std::uint32_t> which);

/// All pairs of `which` of which the earlier returned at the very instant of the later's call and the
/// message between them: real time does not order them. Rare. Errors as above.
std::vector<Edge> message_instants(const Calls& history, std::span<const std::uint32_t> which);

/// Whether some message was received at the instant at which it was sent.
bool has_instant_messages(const Calls& history);

}  // namespace conclave::properties
