// Told in time: what a handle says of its hold, beside what is true of it.

#include "text.hpp"

namespace conclave::properties {

namespace {

std::string describe(const Look& look) {
    return look.client + "'s hold of " + look.object + " (token " + std::to_string(look.token) + ")";
}

}  // namespace

Verdict check_told_in_time(const std::vector<Look>& looks) {
    const std::string property = "told_in_time";
    for (const Look& look : looks) {
        if (look.valid && look.at_ns >= look.deadline_ns)
            return violated(property, look.object, look.at_ns,
                            describe(look) + " is valid at " + seconds(look.at_ns) +
                                ", after its deadline " + seconds(look.deadline_ns),
                            looks.size());
        if (look.signal_due && !look.signalled)
            return violated(property, look.object, look.at_ns,
                            describe(look) + " ended at " + seconds(look.deadline_ns) +
                                " and its stop token has not fired at " + seconds(look.at_ns),
                            looks.size());
    }
    return held_or_undecided(property, looks.size());
}

Verdict check_belief_within_lease(const std::vector<Look>& looks) {
    const std::string property = "belief_within_lease";
    std::uint64_t known = 0;
    for (const Look& look : looks) {
        if (!look.free_at_ns) continue;
        ++known;
        if (!look.valid || look.deadline_ns <= *look.free_at_ns) continue;
        return violated(property, look.object, look.at_ns,
                        describe(look) + " is believed until " + seconds(look.deadline_ns) +
                            " at " + seconds(look.at_ns) + ", and the backend lets others in from " +
                            seconds(*look.free_at_ns),
                        known);
    }
    return held_or_undecided(property, known);
}

Verdict check_kept(const std::vector<Hold>& holds) {
    for (const Hold& hold : holds)
        if (hold.end == HoldEnd::lapsed || hold.end == HoldEnd::told_lost)
            return violated("kept", hold.object, hold.end_ns,
                            hold.client + "'s hold of " + hold.object + " from " +
                                seconds(hold.begin_ns) + " was not kept alive: " +
                                to_string(hold.end) + " at " + seconds(hold.end_ns),
                            holds.size());
    return held_or_undecided("kept", holds.size());
}

}  // namespace conclave::properties
