#include "conclave/properties/distributed.hpp"

#include <algorithm>

#include "judge_object.hpp"

namespace conclave::properties {

namespace {

TextId place_of_call(const Call& call, const std::map<TextId, TextId>& place_of) {
    const auto found = place_of.find(call.session);
    return found == place_of.end() ? 0 : found->second;
}

/// The history as one place saw it; what the environment did, all saw.
Calls seen_from(const Calls& history, TextId place, const std::map<TextId, TextId>& place_of) {
    return part_of(history, [&](const Call& call) {
        return call.action == Action::expire || place_of_call(call, place_of) == place;
    });
}

/// Calls of the counterexample, one of each place, or all when they are of one.
Finding silos(const Calls& history, Finding whole, const std::map<TextId, TextId>& place_of) {
    std::set<TextId> met;
    Indices calls;
    for (const std::uint32_t call : whole.counterexample)
        if (met.insert(place_of_call(history.calls[call & ~lease_end], place_of)).second)
            calls.push_back(call);
    if (calls.size() < 2) calls = whole.counterexample;
    std::string places;
    for (const TextId place : met) places += (places.empty() ? "" : ", ") + history.text(place);
    return violated_by(history, whole.method,
                       "silos: every place by itself is served well, but not all together (" +
                           places + ")",
                       calls);
}

}  // namespace

Finding check_one_object(const Calls& history, Model model, Characteristic characteristic,
                         const std::map<TextId, TextId>& place_of, const CheckOptions& options) {
    std::map<TextId, std::set<TextId>> places_of_object;
    std::set<TextId> places;
    for (const Call& call : history.calls) {
        if (call.action == Action::expire || call.status == Status::failed) continue;
        places_of_object[call.object].insert(place_of_call(call, place_of));
        places.insert(place_of_call(call, place_of));
    }
    const bool shared = std::any_of(places_of_object.begin(), places_of_object.end(),
                                    [](const auto& object) { return object.second.size() > 1; });
    Finding whole = check(characteristic, history, model, options);
    if (!shared && whole.outcome == Outcome::held) {
        whole.outcome = Outcome::undecided;
        whole.reason = "no object was used from two places";
    }
    if (!shared || whole.outcome != Outcome::violated) return whole;
    for (const TextId place : places) {
        const Calls part = seen_from(history, place, place_of);
        if (check(characteristic, part, model, options).outcome == Outcome::violated) return whole;
    }
    return silos(history, std::move(whole), place_of);
}

}  // namespace conclave::properties
