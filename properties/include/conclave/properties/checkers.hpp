#pragma once

// The always-checked properties: pure functions from a History to a Verdict. No clock, no I/O, no
// knowledge of the simulator. Holds, events and progress are judged in near-linear time; membership
// costs one look for each pair of a read and a presence.

#include <cstdint>
#include <string>
#include <vector>

#include "conclave/properties/history.hpp"

namespace conclave::properties {

/// undecided: the history could not have shown a violation.
enum class Outcome : std::uint8_t { held, violated, undecided };
std::string to_string(Outcome outcome);

struct Verdict {
    std::string property;
    Outcome outcome = Outcome::undecided;
    std::string reason;                 ///< one sentence with the values, when violated
    std::string object;                 ///< what it is about, when violated
    std::int64_t at_ns = 0;             ///< the first instant at which it was violated
    std::uint64_t cases = 0;            ///< coverage: how many pairs, reads or events were judged
};

/// No two clients believe to hold one object at one time. O(n log n).
Verdict check_exclusion(const std::string& property, const std::vector<Hold>& holds);

/// Tokens of one object are unique, and grow from an acquisition that returned to one that was
/// called later. O(n log n).
Verdict check_tokens(const std::string& property, const std::vector<Hold>& holds);

/// No read misses a member that renewed in time throughout the read.
Verdict check_membership_accuracy(const History& history);

/// A crashed member is absent from every read called `bound_ns` after its crash.
Verdict check_membership_completeness(const History& history, std::int64_t bound_ns);

/// Events of a watch alternate between joined and left for each member, from the snapshot on, and
/// name only members that asked to join.
Verdict check_watch_exactness(const History& history);

/// Whatever was told of the data was true of it. Every comparison is a case, true ones too.
Verdict check_agreement(const std::string& property, const std::vector<Comparison>& comparisons);

/// Every client got something done within `bound_ns` of the healing.
Verdict check_progress(const History& history, std::int64_t bound_ns);

}  // namespace conclave::properties
