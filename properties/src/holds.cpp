// Exclusion and tokens: what holds of one object must not do to each other.

#include <algorithm>
#include <map>
#include <tuple>

#include "text.hpp"

namespace conclave::properties {

namespace {

using ByObject = std::map<std::string, std::vector<const Hold*>>;

ByObject by_object(const std::vector<Hold>& holds) {
    ByObject grouped;
    for (const Hold& hold : holds) grouped[hold.object].push_back(&hold);
    return grouped;
}

std::string describe(const Hold& hold) {
    return hold.client + " from " + seconds(hold.begin_ns) + " (" +
           (hold.shared ? "shared, " : "") + "token " +
           std::to_string(hold.token) + ", " + to_string(hold.end) +
           (hold.end_ns == never_ns ? ")" : " at " + seconds(hold.end_ns) + ")");
}

/// The earliest overlap among holds sorted by begin, as (earlier, later). Those who share do not
/// exclude each other.
std::pair<const Hold*, const Hold*> first_overlap(std::vector<const Hold*>& holds) {
    std::sort(holds.begin(), holds.end(), [](const Hold* a, const Hold* b) {
        return std::tie(a->begin_ns, a->end_ns, a->client) <
               std::tie(b->begin_ns, b->end_ns, b->client);
    });
    const Hold* longest = nullptr;
    const Hold* longest_alone = nullptr;
    for (const Hold* hold : holds) {
        if (hold->begin_ns >= hold->end_ns) continue;  // never believed
        const Hold* const against = hold->shared ? longest_alone : longest;
        if (against && hold->begin_ns < against->end_ns) return {against, hold};
        if (!longest || hold->end_ns > longest->end_ns) longest = hold;
        if (!hold->shared && (!longest_alone || hold->end_ns > longest_alone->end_ns))
            longest_alone = hold;
    }
    return {nullptr, nullptr};
}

}  // namespace

Verdict check_exclusion(const std::string& property, const std::vector<Hold>& holds) {
    ByObject grouped = by_object(holds);
    std::uint64_t pairs = 0;
    Verdict earliest;
    for (auto& [object, list] : grouped) {
        const auto [one, two] = first_overlap(list);
        pairs += list.size() - 1;
        if (!one || (earliest.outcome == Outcome::violated && earliest.at_ns <= two->begin_ns))
            continue;
        const std::int64_t both_until = std::min(one->end_ns, two->end_ns);
        earliest = violated(property, object, two->begin_ns,
                            "two holders of " + object + " at " + seconds(two->begin_ns) +
                                (both_until == never_ns ? "" : " for " + seconds(both_until - two->begin_ns)) +
                                ": " + describe(*one) + " and " + describe(*two),
                            0);
    }
    if (earliest.outcome != Outcome::violated) return held_or_undecided(property, pairs);
    earliest.cases = pairs;
    return earliest;
}

namespace {

/// The first hold whose token does not exceed that of one which had returned before it was called.
std::pair<const Hold*, const Hold*> first_token_conflict(const std::vector<const Hold*>& holds) {
    std::map<std::uint64_t, const Hold*> seen;
    for (const Hold* hold : holds) {
        const auto [other, fresh] = seen.emplace(hold->token, hold);
        if (!fresh) return {other->second, hold};
    }
    std::vector<const Hold*> by_call = holds, by_return = holds;
    std::sort(by_call.begin(), by_call.end(), [](const Hold* a, const Hold* b) {
        return std::tie(a->call_ns, a->token) < std::tie(b->call_ns, b->token);
    });
    std::sort(by_return.begin(), by_return.end(), [](const Hold* a, const Hold* b) {
        return std::tie(a->begin_ns, a->token) < std::tie(b->begin_ns, b->token);
    });
    const Hold* largest = nullptr;
    auto returned = by_return.begin();
    for (const Hold* hold : by_call) {
        for (; returned != by_return.end() && (*returned)->begin_ns < hold->call_ns; ++returned)
            if (!largest || (*returned)->token > largest->token) largest = *returned;
        if (largest && largest->token > hold->token) return {largest, hold};
    }
    return {nullptr, nullptr};
}

}  // namespace

Verdict check_tokens(const std::string& property, const std::vector<Hold>& holds) {
    std::uint64_t pairs = 0;
    for (const auto& [object, list] : by_object(holds)) {
        std::vector<const Hold*> with_token;
        for (const Hold* hold : list)
            if (hold->token != 0 && !hold->shared) with_token.push_back(hold);
        if (with_token.empty()) continue;
        pairs += with_token.size() - 1;
        const auto [one, two] = first_token_conflict(with_token);
        if (!one) continue;
        const std::string what = one->token == two->token ? "one token for two holds of "
                                                          : "a token that does not grow on ";
        return violated(property, object, std::max(one->begin_ns, two->begin_ns),
                        what + object + ": " + describe(*one) + " and " + describe(*two), pairs);
    }
    return held_or_undecided(property, pairs);
}

}  // namespace conclave::properties
