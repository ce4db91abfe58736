#include "judgement.hpp"

#include <algorithm>

#include "conclave/scenarios/characteristics.hpp"

namespace conclave::torture {

using properties::History;
using properties::Verdict;

namespace {

/// Real runs are longer than simulated ones, and judged once.
constexpr std::uint64_t steps_max = 2'000'000;

class Judge {
public:
    explicit Judge(const Claims& claims) : claims_(claims) {}

    void by_feature(Verdict verdict, Feature feature) {
        judgements.push_back({std::move(verdict), claims_.features.contains(feature)});
    }
    void by_characteristic(Verdict verdict, Characteristic characteristic) {
        judgements.push_back(
            {std::move(verdict), claims_.characteristics.contains(characteristic)});
    }
    /// For what every driver promises whatever it claims.
    void always(Verdict verdict) { judgements.push_back({std::move(verdict), true}); }

    std::vector<Judgement> judgements;

private:
    const Claims& claims_;
};

void judge_holds(Judge& judge, const History& history, Workload workload) {
    const bool locks = workload == Workload::lock;
    const auto& holds = locks ? history.locks : history.leaderships;
    judge.by_feature(check_exclusion(locks ? "exclusion" : "one_leader", holds),
                     Feature::exclusive_by_belief);
    judge.by_feature(check_tokens(locks ? "fencing" : "leader_epochs", holds), Feature::fencing);
    judge.always(check_told_in_time(history.looks));
}

void judge_memberships(Judge& judge, const History& history, Duration ttl) {
    judge.by_feature(check_membership_accuracy(history), Feature::membership_accuracy);
    // As in simulation: the lease, 1 % of clock rate, and the second that reads may take.
    const Duration bound = ttl + ttl / 50 + std::chrono::seconds(1);
    Verdict completeness = check_membership_completeness(history, bound.count());
    // Nobody may have been dead for so long.
    if (completeness.cases > 0)
        judge.by_feature(std::move(completeness), Feature::membership_accuracy);
}

/// Whether a run of this kind can show it at all: what it cannot is not counted as undecided.
bool can_show(Characteristic characteristic, const JudgedRun& run, const Verdict& verdict) {
    switch (characteristic) {
        case Characteristic::causal: return run.workload == Workload::group;
        // Who is cut off reads nothing of a lock and little of a leader, but may be given one that
        // another has.
        case Characteristic::same_view_under_partitions:
            return run.partitions && (run.workload == Workload::group ||
                                      verdict.outcome != properties::Outcome::undecided);
        // Nobody is stopped for ten times the longest timeout here.
        case Characteristic::non_timeout_based: return false;
        default: return true;
    }
}

/// Causality is not known where a membership came back after it had lapsed; what is linearizable is
/// causal all the same.
void conclude_causal(std::vector<Judgement>& judgements) {
    const auto named = [&](Characteristic characteristic) {
        return std::find_if(judgements.begin(), judgements.end(), [&](const Judgement& each) {
            return each.verdict.property == to_string(characteristic);
        });
    };
    const auto whole = named(Characteristic::linearizable), part = named(Characteristic::causal);
    if (part == judgements.end() || part->verdict.outcome != properties::Outcome::undecided ||
        whole->verdict.outcome != properties::Outcome::held)
        return;
    part->verdict.outcome = properties::Outcome::held;
    part->verdict.reason = "since it is linearizable";
}

}  // namespace

scenarios::Observed kind_of(Workload workload) noexcept {
    switch (workload) {
        case Workload::leader: return scenarios::Observed::leaderships;
        case Workload::group: return scenarios::Observed::groups;
        case Workload::lock: break;
    }
    return scenarios::Observed::locks;
}

std::vector<Judgement> judge(Merged& merged, const JudgedRun& run) {
    if (!merged.claims) return {};
    Judge judge(*merged.claims);
    if (run.workload == Workload::group) judge_memberships(judge, merged.history, run.ttl);
    else judge_holds(judge, merged.history, run.workload);
    scenarios::RunFacts facts;
    facts.across = Characteristic::distributed_across_processes;
    facts.longest_timeout = run.ttl;
    facts.steps_max = steps_max;
    for (auto& each : scenarios::judge_characteristics(facts, merged.log, *merged.claims))
        if (can_show(each.characteristic, run, each.verdict))
            judge.by_characteristic(std::move(each.verdict), each.characteristic);
    conclude_causal(judge.judgements);
    return std::move(judge.judgements);
}

}  // namespace conclave::torture
