// Fencing judged by its effects: what a resource that checks tokens let happen.

#include <map>

#include "text.hpp"

namespace conclave::properties {

namespace {

std::string describe(const ResourceAccess& access) {
    return std::string(access.write ? "write" : "read") + " of " + access.holder + " with token " +
           std::to_string(access.token);
}

}  // namespace

Verdict check_fenced_effects(const std::vector<ResourceAccess>& accesses) {
    const std::string property = "fenced_effects";
    std::map<std::string, const ResourceAccess*> newest;  // by object: with the largest token
    std::uint64_t cases = 0;
    for (const ResourceAccess& access : accesses) {
        if (!access.accepted) continue;
        const ResourceAccess*& last = newest[access.object];
        cases += last ? 1 : 0;
        if (last && access.token < last->token)
            return violated(property, access.object, access.at_ns,
                            describe(access) + " was accepted at " + seconds(access.at_ns) +
                                " after the " + describe(*last),
                            cases);
        if (last && access.token == last->token && access.holder != last->holder)
            return violated(property, access.object, access.at_ns,
                            "one token let two holds in: " + describe(access) + " at " +
                                seconds(access.at_ns) + " and " + describe(*last) + " at " +
                                seconds(last->at_ns),
                            cases);
        if (!last || access.token > last->token) last = &access;
    }
    return held_or_undecided(property, cases);
}

}  // namespace conclave::properties
