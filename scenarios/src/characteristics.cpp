#include "conclave/scenarios/characteristics.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "conclave/properties/characteristics.hpp"
#include "conclave/properties/distributed.hpp"
#include "conclave/properties/silence.hpp"

namespace conclave::scenarios {

using properties::Calls;
using properties::Finding;
using properties::Model;
using properties::Outcome;
using properties::Verdict;

namespace {

constexpr std::array judged_by_calls{
    Characteristic::linearizable,         Characteristic::sequential,
    Characteristic::causal,               Characteristic::serializable,
    Characteristic::same_view_across_clients, Characteristic::same_view_under_partitions};

bool is_held(Observed kind) noexcept {
    return kind == Observed::locks || kind == Observed::leaderships;
}

/// What clients in different places have to be given together. Causality of locks is not defined.
/// Who claims that nobody believes in what another has keeps an order of holds in real time.
Characteristic strongest(const Claims& claims, Observed kind) {
    if (is_held(kind) && claims.features.contains(Feature::exclusive_by_belief))
        return Characteristic::linearizable;
    std::vector<Characteristic> order{Characteristic::linearizable, Characteristic::sequential};
    if (!is_held(kind)) order.push_back(Characteristic::causal);
    for (const Characteristic each : order)
        if (claims.characteristics.contains(each)) return each;
    return Characteristic::serializable;
}

/// Capabilities go with their member, and are judged as what they are set to.
bool can_be_lost(Observed kind) noexcept { return kind != Observed::capabilities; }

/// Every join sets capabilities: where nobody reads them they tell nothing.
bool was_used(const Calls& history, Observed kind) {
    if (kind != Observed::capabilities) return !history.calls.empty();
    return std::ranges::any_of(history.calls, [](const properties::Call& call) {
        return call.action == properties::Action::read;
    });
}

/// The acquisitions that were given a token.
Calls tokens_given(const Calls& history) {
    return part_of(history, [](const properties::Call& call) {
        return call.action == properties::Action::acquire &&
               call.token != properties::absent_number && call.status == properties::Status::ok;
    });
}

/// Any order explains calls that were made one after the other.
Verdict verdict_of(const Calls& history, Model model, const Finding& finding) {
    Verdict verdict;
    verdict.outcome = finding.outcome;
    verdict.reason = finding.reason;
    verdict.method = finding.method;
    verdict.cases = properties::coverage_of(history, model).concurrent;
    if (verdict.outcome == Outcome::held && verdict.cases == 0) {
        verdict.outcome = Outcome::undecided;
        verdict.reason = "no call was made while another was under way";
    }
    for (const std::uint32_t each : finding.counterexample) {
        const properties::Call& call = history.calls[each & ~properties::lease_end];
        verdict.object = history.text(call.object);
        const bool returned = call.status == properties::Status::ok;
        verdict.at_ns = std::max(verdict.at_ns, returned ? call.return_ns : call.call_ns);
    }
    return verdict;
}

/// Violated before held before undecided: what one kind of objects, or one way to look, cannot tell
/// is no matter where another can.
void take_worst(Verdict& whole, const Verdict& part) {
    const std::uint64_t cases = whole.cases + part.cases;
    const auto rank = [](const Verdict& verdict) {
        if (verdict.outcome == Outcome::violated) return 3;
        if (verdict.outcome == Outcome::held) return 2;
        return verdict.reason.empty() ? 0 : 1;
    };
    if (rank(part) > rank(whole)) {
        const std::string name = whole.property;
        whole = part;
        whole.property = name;
    }
    whole.cases = cases;
}

constexpr std::int64_t prompt_ns = 2'000'000'000;  ///< for whoever polls, to look again

Verdict without_cases(Verdict verdict, const char* reason) {
    if (verdict.outcome == Outcome::undecided && verdict.reason.empty()) verdict.reason = reason;
    return verdict;
}

class Trial {
public:
    Trial(const RunFacts& facts, CallLog& log, const Claims& claims)
        : facts_(facts), log_(log), claims_(claims) {}

    std::vector<CharacteristicVerdict> run() {
        for (const Characteristic each : judged_by_calls) judge(each);
        judge(Characteristic::non_timeout_based);
        judge(facts_.across);
        return std::move(verdicts_);
    }

private:
    void judge(Characteristic characteristic) {
        Verdict whole;
        whole.property = std::string(to_string(characteristic));
        for (const Observed kind : all_observed) {
            if (!was_used(log_.of(kind), kind)) continue;
            const bool silence = characteristic == Characteristic::non_timeout_based;
            if (silence && can_be_lost(kind)) judge_silence(kind, whole);
            if (!silence) judge_order(characteristic, kind, whole);
            if (characteristic == facts_.across && can_be_lost(kind)) judge_visibility(kind, whole);
        }
        if (whole.outcome == Outcome::undecided && whole.reason.empty())
            whole.reason = "nothing was called";
        verdicts_.push_back({characteristic, std::move(whole)});
    }

    void judge_order(Characteristic characteristic, Observed kind, Verdict& whole) {
        const Calls& history = log_.of(kind);
        const Model model = model_of(kind);
        properties::CheckOptions options;
        options.steps_max = facts_.steps_max;
        const Finding finding = characteristic == facts_.across
                                    ? check_one_object(history, model, strongest(claims_, kind),
                                                       log_.places(kind), options)
                                    : check(characteristic, history, model, options);
        take_worst(whole, verdict_of(history, model, finding));
        if (is_held(kind)) judge_tokens(characteristic, history, kind, options, whole);
    }

    /// They are an object of their own.
    void judge_tokens(Characteristic characteristic, const Calls& history, Observed kind,
                      const properties::CheckOptions& options, Verdict& whole) {
        const Calls tokens = tokens_given(history);
        if (tokens.calls.empty()) return;
        const Finding finding = characteristic == facts_.across
                                    ? check_one_object(tokens, Model::tokens,
                                                       strongest(claims_, kind), log_.places(kind),
                                                       options)
                                    : check(characteristic, tokens, Model::tokens, options);
        take_worst(whole, verdict_of(tokens, Model::tokens, finding));
    }

    void judge_silence(Observed kind, Verdict& whole) {
        const Calls& history = log_.of(kind);
        take_worst(whole, without_cases(check_pauses(history, model_of(kind), log_.pauses(kind),
                                                     facts_.longest_timeout.count()),
                                        "nobody stood still for ten timeouts with something held"));
        take_worst(whole, check_provenance(caused_losses(history, log_.endings(kind))));
    }

    void judge_visibility(Observed kind, Verdict& whole) {
        const Verdict seen =
            check_visibility(log_.of(kind), model_of(kind), log_.places(kind), facts_.settled_ns);
        // Any order explains places that never looked at each other.
        const bool vacuous = facts_.settled_ns != properties::never_ns && seen.cases == 0 && whole.outcome == Outcome::held &&
                             strongest(claims_, kind) == Characteristic::serializable;
        if (vacuous) whole.outcome = Outcome::undecided;
        if (vacuous) whole.reason = "no place looked at what another had been given";
        take_worst(whole, seen);
    }

    const RunFacts& facts_;
    CallLog& log_;
    const Claims& claims_;
    std::vector<CharacteristicVerdict> verdicts_;
};

}  // namespace

Model model_of(Observed kind) {
    switch (kind) {
        case Observed::locks: return Model::lease;
        case Observed::leaderships: return Model::leader;
        case Observed::groups: return Model::group;
        case Observed::capabilities: break;
    }
    return Model::register_;
}

std::vector<CharacteristicVerdict> judge_characteristics(const RunFacts& facts, CallLog& log,
                                                         const Claims& claims) {
    return Trial(facts, log, claims).run();
}

namespace {

Verdict read_as_mutex(const RunFacts& facts, const Calls& history) {
    // Who holds a mutex cannot be read.
    const Calls asked = part_of(history, [](const properties::Call& call) {
        return call.action != properties::Action::read;
    });
    properties::CheckOptions options;
    options.steps_max = facts.steps_max;
    Verdict verdict =
        verdict_of(asked, Model::mutex, check_linearizable(asked, Model::mutex, options));
    verdict.property = as_mutex;
    return verdict;
}

}  // namespace

std::vector<Verdict> judge_readings(const RunFacts& facts, CallLog& log) {
    std::vector<Verdict> readings;
    for (const Observed kind : all_observed) {
        const Calls& history = log.of(kind);
        if (!was_used(history, kind)) continue;
        if (is_held(kind)) readings.push_back(read_as_mutex(facts, history));
        if (facts.timers_off && can_be_lost(kind))
            readings.push_back(without_cases(
                check_prompt_release(history, model_of(kind), log.deaths(kind), prompt_ns),
                "nobody died with something held that another wanted"));
    }
    return readings;
}

Verdict judge_tenfold(CallLog& usual, CallLog& tenfold) {
    std::set<properties::Loss> before, after;
    for (const Observed kind : all_observed) {
        if (!can_be_lost(kind)) continue;
        before.merge(losses_of(usual.of(kind), model_of(kind), usual.places(kind)));
        after.merge(losses_of(tenfold.of(kind), model_of(kind), tenfold.places(kind)));
    }
    Verdict verdict = without_cases(check_stretched(before, after), "nothing was lost");
    verdict.property = loss_without_timers;
    // It shows once both runs are over.
    for (const Observed kind : all_observed)
        for (const properties::Call& call : usual.of(kind).calls)
            verdict.at_ns = std::max(verdict.at_ns, call.call_ns);
    return verdict;
}

properties::Coverage coverage_of(CallLog& log) {
    properties::Coverage coverage;
    for (const Observed kind : all_observed)
        if (was_used(log.of(kind), kind))
            coverage += properties::coverage_of(log.of(kind), model_of(kind));
    return coverage;
}

}  // namespace conclave::scenarios
