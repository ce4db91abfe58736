#pragma once

// NON_TIMEOUT_BASED: nobody loses a lock, a leadership or a membership because a timer measured its
// silence. Four judgements over what a runner recorded; the first and the third decide, the second
// supports them, the fourth is the positive half. docs/properties.md defines them.

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "conclave/properties/calls.hpp"
#include "conclave/properties/checkers.hpp"
#include "conclave/properties/models.hpp"

namespace conclave::properties {

/// A session whose process stood still, its connections open; or, for check_prompt_release(), died at
/// `begin_ns` with them closed.
struct Silence {
    TextId session = 0;
    std::int64_t begin_ns = 0;
    std::int64_t end_ns = never_ns;
};

/// While a session stood still - at least ten times `timeout_max_ns`, the longest timeout in force -
/// nobody was given what it held, no read missed it, and its next release or renewal succeeded.
/// A case is a thing held through such a pause and looked at by another session or by its owner.
Verdict check_pauses(const Calls& history, Model model, const std::vector<Silence>& pauses,
                     std::int64_t timeout_max_ns);

/// What a session lost without giving it up.
struct Loss {
    std::string session;
    std::string object;
    friend auto operator<=>(const Loss&, const Loss&) = default;
};

/// What the calls show to have been lost: a release or renewal found nothing, an acquire of another
/// was granted, or a read missed a member or named another leader, between whose beginning and whose asking to end it.
/// Sessions are named by `place_of`, where they are in it, for runs number them differently.
std::set<Loss> losses_of(const Calls& history, Model model,
                         const std::map<TextId, TextId>& place_of);

/// With every timeout ten times as long, the same was lost. Supporting evidence: on programs without
/// contention, with quiet between their steps. A case is a loss in either run.
Verdict check_stretched(const std::set<Loss>& usual, const std::set<Loss>& stretched);

/// One event of a trace, and the earlier one that caused it.
struct CausedEvent {
    static constexpr std::uint32_t none = UINT32_MAX;
    std::uint32_t cause = none;    ///< its number; none for what nothing caused
    std::int64_t at_ns = 0;
    std::string what;              ///< for people
    bool silence_timer = false;    ///< a ttl, session, lease or heartbeat ran out
    bool loss = false;             ///< somebody's release, leave or demotion that it did not ask for
};

/// The end of a hold or of a membership, as whoever ended it saw it: a server, a driver, a kernel.
struct Ending {
    TextId object = 0;
    TextId name = 0;  ///< the owner or member
    std::int64_t at_ns = 0;
    std::string cause;           ///< for people
    bool silence_timer = false;  ///< the cause is one
};

/// A trace of these: each cause and what it ended, which is a loss where by `history` `name` had it
/// at that instant for certain and nobody had asked to end it. O(endings * calls).
std::vector<CausedEvent> caused_losses(const Calls& history, const std::vector<Ending>& endings);

/// No loss has a timer of silence among its causes. A case is a loss.
/// Requires: a cause stands before what it causes.
Verdict check_provenance(const std::vector<CausedEvent>& trace);

/// With all timers off: what a session held when its process died is free `bound_ns` later. A case is
/// an acquire, or a read of members or of the leader, that another session called after that.
Verdict check_prompt_release(const Calls& history, Model model, const std::vector<Silence>& deaths,
                             std::int64_t bound_ns);

}  // namespace conclave::properties
