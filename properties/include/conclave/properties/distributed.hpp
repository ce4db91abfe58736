#pragma once

// DISTRIBUTED_ACROSS_THREADS, _PROCESSES and _HOSTS: clients in different places share one object, and
// it does for them what it does for clients in one place. The same program is deployed in three ways; a
// place is a thread, a process or a host.

#include <map>
#include <set>
#include <string>

#include "conclave/properties/characteristics.hpp"

namespace conclave::properties {

/// The history of all places keeps `characteristic`, the strongest that the driver claims. When it does
/// not, but every place by itself does, the places are silos: the names do not reach one object.
/// Undecided when no object was used from two places. `place_of` names every session's place; threads
/// are sessions of their own, so that a lock which lets another thread of its process in is violated.
Finding check_one_object(const Calls& history, Model model, Characteristic characteristic,
                         const std::map<TextId, TextId>& place_of,
                         const CheckOptions& options = {});

/// From `from_ns` on every place sees what another was given: while somebody has a lock, a
/// leadership or a membership for certain, an acquire of another place is refused, and a read lists
/// the member or names the leader. Judged are calls that began after it had been given, and ended before it was given
/// back or its lease could end. A case is such a call. O(n^2) within an object.
Verdict check_visibility(const Calls& history, Model model,
                         const std::map<TextId, TextId>& place_of, std::int64_t from_ns);

}  // namespace conclave::properties
