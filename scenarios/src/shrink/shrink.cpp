#include "conclave/scenarios/shrink.hpp"

#include <stdexcept>

#include "conclave/scenarios/moments.hpp"
#include "no_return.hpp"
#include "walk.hpp"

namespace conclave::scenarios {

namespace {

std::string no_return_text(const PointOfNoReturn& point) {
    return point.by_fault ? "point of no return: this fault, however soon it ends"
                          : "point of no return: ending every fault comes too late from here on";
}

}  // namespace

std::set<std::string> mechanisms_of(const RunResult& run) {
    std::set<std::string> used;
    for (const auto& [name, times] : run.milestones)
        if (is_mechanism(name)) used.insert(name);
    return used;
}

std::optional<Signature> signature_of(const RunResult& run) {
    std::optional<Signature> first;
    for (const Judgement& judgement : run.judgements) {
        if (judgement.failed()) return Signature{judgement.verdict.property, true};
        if (!first && judgement.verdict.outcome == properties::Outcome::violated)
            first = Signature{judgement.verdict.property, judgement.claimed};
    }
    return first;
}

PlanSize size_of(const Plan& plan) {
    return {plan.faults.size(), plan.clients.size(), count(plan, Part::steps), plan.duration};
}

ShrinkResult shrink(const Plan& plan, const Signature& signature, const ShrinkLimits& limits,
                    const RunOptions& options) {
    RunResult first = run_plan(plan, options);
    if (find_violation(first, signature) == nullptr)
        throw std::invalid_argument("the Plan does not violate " + signature.property);
    Signature kept = signature;
    if (!kept.mechanisms) kept.mechanisms = mechanisms_of(first);
    Trials trials(kept, limits, options);
    Walk walk(plan, std::move(first), trials);
    walk.run();
    ShrinkResult result;
    result.signature = kept;
    result.seed = plan.seed;
    result.before = size_of(plan);
    result.plan = walk.plan();
    result.after = size_of(result.plan);
    result.minimal = !trials.spent() && walk.is_minimal();
    if (result.minimal) result.no_return = find_no_return(result.plan, walk.run_of_plan(), trials);
    result.runs = trials.runs();
    RunOptions marked = options;
    if (result.no_return) marked.marks.push_back({result.no_return->at, no_return_text(*result.no_return)});
    result.run = run_plan(result.plan, marked);
    result.plan.trace_hash = result.run.trace_hash;
    return result;
}

}  // namespace conclave::scenarios
