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
    std::string method;                 ///< how it was decided, where there are several ways
};

/// No two clients believe to hold one object at one time. O(n log n).
Verdict check_exclusion(const std::string& property, const std::vector<Hold>& holds);

/// Tokens of one object are unique, and grow from an acquisition that returned to one that was
/// called later. O(n log n).
Verdict check_tokens(const std::string& property, const std::vector<Hold>& holds);

/// A handle is never valid at or after its deadline, and its stop token has fired as soon as the
/// process had time to run a timer after it. O(n).
Verdict check_told_in_time(const std::vector<Look>& looks);

/// No handle is believed for longer than the backend keeps others out: not until a later moment than
/// its lease runs, however far that is. Looks without a known lease are no cases. O(n).
Verdict check_belief_within_lease(const std::vector<Look>& looks);

/// No hold ended before its client gave it up: for runs in which nothing can excuse a loss. O(n).
Verdict check_kept(const std::vector<Hold>& holds);

/// A fenced resource let no two holds in under one token, and none after it had seen a larger one.
/// Reads count: a new holder's first read seals its token. O(n log n).
Verdict check_fenced_effects(const std::vector<ResourceAccess>& accesses);

/// No read misses a member that renewed in time throughout the read.
Verdict check_membership_accuracy(const History& history);

/// A crashed member is absent from every read called `bound_ns` after its crash.
Verdict check_membership_completeness(const History& history, std::int64_t bound_ns);

/// Events of a watch alternate between joined and left for each member, from the snapshot on, and
/// name only members that asked to join.
Verdict check_watch_exactness(const History& history);

/// Whatever was told of the data was true of it. Every comparison is a case, true ones too.
Verdict check_agreement(const std::string& property, const std::vector<Comparison>& comparisons);

/// Equal fingerprints mean equal owners, of any two looks; and the last looks of those that are
/// members to the last show one fingerprint for each group, once its last change is `lapse_ns` ago:
/// how long one that did not come back after the healing stays a member. Who tried to look since
/// must have managed; who had no time left to is not judged. O(n log n + clients * operations).
Verdict check_one_ring(const History& history, std::int64_t healed_ns, std::int64_t lapse_ns);

/// Those who wait for a lock, looking again after a length drawn from [half of `poll_ns`, `poll_ns`],
/// neither ask more often than that allows, nor in step: while at least 24 wait, no more than half of
/// them ask again within `poll_ns` / 50. docs/scenarios.md has the reckoning. O(n log n).
Verdict check_no_herd(const std::vector<Ask>& asks, std::int64_t poll_ns);

/// Every client got something done within `bound_ns` of the healing.
Verdict check_progress(const History& history, std::int64_t bound_ns);

}  // namespace conclave::properties
