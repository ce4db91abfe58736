// Whether the members of a group share objects out alike.

#include <algorithm>
#include <map>

#include "text.hpp"

namespace conclave::properties {

namespace {

const std::string property = "one_ring";

using LastLooks = std::map<std::string, const RingView*>;  ///< by client, of one group

std::string told(const RingView& view) {
    return view.client + " at " + seconds(view.at_ns);
}

Verdict check_owners(const std::vector<RingView>& views) {
    std::map<std::string, const RingView*> first;
    for (const RingView& view : views) {
        if (view.fingerprint.empty()) continue;
        const RingView& other = *first.try_emplace(view.fingerprint, &view).first->second;
        for (std::size_t i = 0; i < view.owners.size(); ++i)
            if (view.owners[i] != other.owners.at(i))
                return violated(property, view.group, view.at_ns,
                                told(other) + " and " + told(view) + " tell the fingerprint " +
                                    view.fingerprint + ", and give object " + std::to_string(i) +
                                    " to '" + other.owners[i] + "' and to '" + view.owners[i] + "'",
                                views.size());
    }
    return held_or_undecided(property, views.size());
}

/// From when on every look shows the group as it stays: the last change is over, and who did not
/// come back after the healing has lapsed.
std::int64_t settled_at(const History& history, std::int64_t healed_ns, std::int64_t lapse_ns) {
    std::int64_t last = healed_ns;
    for (const Operation& each : history.operations)
        if (each.action != "look")
            last = std::max(last, each.return_ns == never_ns ? each.call_ns : each.return_ns);
    return last + lapse_ns;
}

/// Whether a client tried to look at the settled group. One that had no time left to is not judged.
bool tried(const History& history, const RingView& last, std::int64_t settled_ns) {
    return std::any_of(history.operations.begin(), history.operations.end(),
                       [&](const Operation& each) {
                           return each.client == last.client && each.object == last.group &&
                                  each.action == "look" && each.call_ns >= settled_ns &&
                                  each.return_ns != never_ns;
                       });
}

Verdict check_agreed(const LastLooks& looks, const History& history, std::int64_t settled_ns) {
    const std::uint64_t cases = history.rings.size();
    const RingView* one = nullptr;
    for (const auto& [client, view] : looks) {
        if (view->fingerprint.empty()) continue;
        if (view->at_ns < settled_ns) {
            if (!tried(history, *view, settled_ns)) continue;
            return violated(property, view->group, settled_ns,
                            client + " has not looked since " + seconds(view->at_ns), cases);
        }
        if (one && one->fingerprint != view->fingerprint)
            return violated(property, view->group, std::max(one->at_ns, view->at_ns),
                            told(*one) + " tells " + one->fingerprint + ", " + told(*view) +
                                " tells " + view->fingerprint + ", and neither looked again",
                            cases);
        if (!one) one = view;
    }
    return held_or_undecided(property, cases);
}

}  // namespace

Verdict check_one_ring(const History& history, std::int64_t healed_ns, std::int64_t lapse_ns) {
    const Verdict owners = check_owners(history.rings);
    if (owners.outcome == Outcome::violated) return owners;
    std::map<std::string, LastLooks> groups;
    for (const RingView& view : history.rings) groups[view.group][view.client] = &view;
    const std::int64_t settled_ns = settled_at(history, healed_ns, lapse_ns);
    for (const auto& [group, looks] : groups) {
        Verdict verdict = check_agreed(looks, history, settled_ns);
        if (verdict.outcome == Outcome::violated) return verdict;
    }
    return owners;
}

}  // namespace conclave::properties
