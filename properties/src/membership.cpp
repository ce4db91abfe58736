// Membership, watches, comparisons and progress.

#include <algorithm>
#include <map>

#include "text.hpp"

namespace conclave::properties {

namespace {
std::string list(const std::set<std::string>& members) {
    std::string text;
    for (const std::string& member : members) text += (text.empty() ? "" : ", ") + member;
    return "{" + text + "}";
}

std::string describe(const MembersRead& read) {
    return "read by " + read.client + " in " + seconds(read.call_ns) + " .. " +
           seconds(read.return_ns) + " gave " + list(read.members);
}
}  // namespace

Verdict check_membership_accuracy(const History& history) {
    const std::string property = "membership_accuracy";
    std::uint64_t cases = 0;
    for (const MembersRead& read : history.reads) {
        for (const Presence& presence : history.presences) {
            const bool throughout = presence.group == read.group &&
                                    presence.begin_ns <= read.call_ns &&
                                    read.return_ns < presence.end_ns;
            if (!throughout) continue;
            ++cases;
            if (!read.members.contains(presence.member))
                return violated(property, read.group, read.return_ns,
                                presence.member + " was a live member of " + read.group + " from " +
                                    seconds(presence.begin_ns) + " but the " + describe(read),
                                cases);
        }
    }
    return held_or_undecided(property, cases);
}

Verdict check_membership_completeness(const History& history, std::int64_t bound_ns) {
    const std::string property = "membership_completeness";
    std::uint64_t cases = 0;
    for (const MembersRead& read : history.reads) {
        for (const Departure& departure : history.departures) {
            const bool due = departure.group == read.group &&
                             read.call_ns > departure.silent_ns + bound_ns &&
                             read.return_ns < departure.back_ns;
            if (!due) continue;
            ++cases;
            if (read.members.contains(departure.member))
                return violated(property, read.group, read.call_ns,
                                departure.member + " crashed at " + seconds(departure.at_ns) +
                                    " but the " + describe(read),
                                cases);
        }
    }
    return held_or_undecided(property, cases);
}

Verdict check_watch_exactness(const History& history) {
    const std::string property = "watch_exactness";
    std::map<std::pair<std::string, std::string>, std::int64_t> asked_ns;  // to join, first
    for (const Operation& operation : history.operations) {
        if (operation.action != "join") continue;
        const auto [asked, fresh] =
            asked_ns.emplace(std::pair(operation.object, operation.client), operation.call_ns);
        asked->second = std::min(asked->second, operation.call_ns);
    }
    std::map<std::pair<std::string, std::string>, std::set<std::string>> views;
    std::uint64_t cases = 0;
    for (const WatchEvent& event : history.watch_events) {
        std::set<std::string>& view = views[{event.watcher, event.group}];
        if (event.kind == WatchEvent::Kind::snapshot) {
            view = event.members;
            continue;
        }
        ++cases;
        const bool joined = event.kind == WatchEvent::Kind::joined;
        const bool changed =
            joined ? view.insert(event.member).second : view.erase(event.member) == 1;
        const std::string what = event.watcher + " was told at " + seconds(event.at_ns) + " that " +
                                 event.member + (joined ? " joined " : " left ") + event.group;
        if (!changed)
            return violated(property, event.group, event.at_ns,
                            what + (joined ? " twice" : " but it was not there"), cases);
        const auto asked = asked_ns.find({event.group, event.member});
        if (asked == asked_ns.end() || asked->second > event.at_ns)
            return violated(property, event.group, event.at_ns,
                            what + " but it had not asked to join", cases);
    }
    return held_or_undecided(property, cases);
}

Verdict check_agreement(const std::string& property, const std::vector<Comparison>& comparisons) {
    std::uint64_t cases = 0;
    for (const Comparison& comparison : comparisons) {
        ++cases;
        if (comparison.agree) continue;
        return violated(property, comparison.object, comparison.at_ns,
                        comparison.client + " at " + seconds(comparison.at_ns) + ": " +
                            comparison.claim + ", but " + comparison.fact,
                        cases);
    }
    return held_or_undecided(property, cases);
}

Verdict check_progress(const History& history, std::int64_t bound_ns) {
    const std::string property = "progress";
    std::uint64_t cases = 0;
    for (const Progress& progress : history.progress) {
        ++cases;
        const bool late = progress.first_success_ns == never_ns ||
                          progress.first_success_ns - progress.healed_ns > bound_ns;
        if (late)
            return violated(property, progress.client, progress.healed_ns + bound_ns,
                            progress.client + " got nothing done within " + seconds(bound_ns) +
                                " after everything had healed at " + seconds(progress.healed_ns),
                            cases);
    }
    return held_or_undecided(property, cases);
}

}  // namespace conclave::properties
