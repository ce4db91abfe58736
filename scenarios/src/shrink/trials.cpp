#include "trials.hpp"

#include <algorithm>

namespace conclave::scenarios {

const Judgement* find_violation(const RunResult& run, const Signature& signature) {
    for (const Judgement& judgement : run.judgements)
        if (judgement.verdict.property == signature.property &&
            judgement.verdict.outcome == properties::Outcome::violated &&
            judgement.claimed == signature.claimed)
            return &judgement;
    return nullptr;
}

bool violates_more(const RunResult& run, const RunResult& origin) {
    const auto violated = [](const RunResult& in, const std::string& property) {
        for (const Judgement& judgement : in.judgements)
            if (judgement.verdict.property == property)
                return judgement.verdict.outcome == properties::Outcome::violated;
        return false;
    };
    for (const Judgement& judgement : run.judgements) {
        const std::string& property = judgement.verdict.property;
        if (violated(run, property) && !violated(origin, property)) return true;
    }
    return false;
}

bool Trials::may_run() {
    spent_ = spent_ || runs_ >= limits_.runs_max || (limits_.over && limits_.over());
    return !spent_;
}

std::optional<RunResult> Trials::violating(const Plan& plan) {
    const std::uint64_t hash = sim::Trace::hash_bytes(to_text(plan));
    if (held_.contains(hash) || !may_run()) return std::nullopt;
    ++runs_;
    try {
        RunResult run = run_plan(plan, options_);
        if (find_violation(run, signature_) != nullptr && behaves_alike(run)) return run;
    } catch (const std::exception&) {
        // Another bug than the one that is looked at.
    }
    held_.insert(hash);
    return std::nullopt;
}

bool Trials::behaves_alike(const RunResult& run) const {
    return !signature_.mechanisms || std::ranges::includes(*signature_.mechanisms, mechanisms_of(run));
}

Duration Trials::instant(const RunResult& run) const {
    return Duration(find_violation(run, signature_)->verdict.at_ns);
}

}  // namespace conclave::scenarios
