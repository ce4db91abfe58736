#include "judge.hpp"

#include <algorithm>

#include "backend.hpp"
#include "conclave/scenarios/characteristics.hpp"
#include "shutdown_life.hpp"

namespace conclave::scenarios {

using properties::History;
using properties::Verdict;

namespace {

/// A claim holds inside its envelope: a scenario that leaves the envelope gathers evidence only.
class Judge {
public:
    Judge(const Plan& plan, const RunNotes& notes)
        : inside_(plan.outside_envelope.empty()),
          foil_(backend_of(plan).is_foil()),
          claims_(notes.claims) {}

    void by_feature(Verdict verdict, Feature feature) {
        add(std::move(verdict), claims_.features.contains(feature));
    }
    void by_characteristic(CharacteristicVerdict each) {
        const bool claimed = claims_.characteristics.contains(each.characteristic);
        add(std::move(each.verdict), claimed);
    }
    /// For what every driver of ours promises whatever it claims.
    void always(Verdict verdict) { add(std::move(verdict), !foil_); }
    void never(Verdict verdict) { add(std::move(verdict), false); }

    std::vector<Judgement> judgements;

private:
    void add(Verdict verdict, bool claimed) {
        Judgement& judgement = judgements.emplace_back();
        judgement.verdict = std::move(verdict);
        (foil_ ? judgement.claimed_by_foil : judgement.claimed) = inside_ && claimed;
    }

    bool inside_;
    bool foil_;  ///< then it is somebody else who claims
    const Claims& claims_;
};

RunFacts facts_of(const Plan& plan) {
    const Backend& backend = backend_of(plan);
    RunFacts facts;
    if (plan.deployment == "threads") facts.across = Characteristic::distributed_across_threads;
    if (plan.deployment == "processes") facts.across = Characteristic::distributed_across_processes;
    facts.longest_timeout = std::max(backend.lease(plan.driver_options),
                                     backend.membership_timeout(plan.driver_options));
    // Its histories are the hardest to explain, and nobody waits for the last of its verdicts.
    if (backend.is_foil()) facts.steps_max /= 10;
    const Duration whole = plan.duration + plan.progress_within;
    facts.settled_ns = (plan.duration + plan.progress_within / 2).count();
    facts.timers_off = std::min(backend.lease(plan.driver_options),
                                backend.membership_timeout(plan.driver_options)) > whole;
    return facts;
}

void judge_holds(Judge& judge, const Plan& plan, const History& history,
                 const std::vector<properties::Hold>& holds) {
    if (plan.must_keep) judge.always(check_kept(holds));
    if (plan.resource)
        judge.by_feature(check_fenced_effects(history.accesses), Feature::fencing);
    if (history.looks.empty()) return;
    judge.always(check_told_in_time(history.looks));
    const bool comparable = std::ranges::any_of(
        history.looks, [](const properties::Look& look) { return look.free_at_ns.has_value(); });
    if (comparable)
        judge.by_feature(check_belief_within_lease(history.looks), Feature::exclusive_by_belief);
}

const std::set<std::string> with_locks{"lock", "lock_twice", "herd", "shared_lock"};

void judge_locks(Judge& judge, const Plan& plan, const History& history) {
    judge.by_feature(check_exclusion("exclusion", history.locks), Feature::exclusive_by_belief);
    if (all_share(plan)) judge.always(check_agreement("shared_together", history.comparisons));
    else judge.by_feature(check_tokens("fencing", history.locks), Feature::fencing);
    judge_holds(judge, plan, history, history.locks);
    if (plan.clients.size() == 1)
        judge.always(check_agreement("obtained_when_alone", history.comparisons));
    if (plan.workload == "herd")
        judge.always(check_no_herd(history.asks, ClientTimes{}.poll.count()));
}

void judge_shutdown(Judge& judge, const History& history) {
    std::vector<properties::Comparison> calls, rest;
    for (const properties::Comparison& each : history.comparisons)
        (each.claim == calls_end_claim ? calls : rest).push_back(each);
    judge.always(check_agreement("stops_in_time", rest));
    judge.always(check_agreement("calls_end_with_the_stop", calls));
}

}  // namespace

std::vector<Judgement> judge(const Plan& plan, const History& history, CallLog* calls,
                             const RunNotes& notes) {
    Judge judge(plan, notes);
    if (with_locks.contains(plan.workload)) {
        judge_locks(judge, plan, history);
    } else if (plan.workload == "leader") {
        judge.by_feature(check_exclusion("one_leader", history.leaderships),
                         Feature::exclusive_by_belief);
        judge.by_feature(check_tokens("leader_epochs", history.leaderships), Feature::fencing);
        judge_holds(judge, plan, history, history.leaderships);
    } else if (plan.workload == "delete_race") {
        judge.by_feature(check_membership_accuracy(history), Feature::membership_accuracy);
    } else if (plan.workload == "group") {
        judge.by_feature(check_membership_accuracy(history), Feature::membership_accuracy);
        judge.by_feature(check_membership_completeness(history, membership_lapse(plan).count()),
                         Feature::membership_accuracy);
        judge.always(check_watch_exactness(history));
        if (!history.joins.empty())
            judge.by_feature(check_agreement("rejoin", history.joins), Feature::membership_accuracy);
        judge.always(check_agreement("readable", history.comparisons));
    } else if (plan.workload == "capabilities") {
        // They are what the ten are for.
    } else if (plan.workload == "ring") {
        judge.always(
            check_one_ring(history, plan.duration.count(), membership_lapse(plan).count()));
    } else if (plan.workload == "shutdown") {
        judge_shutdown(judge, history);
    } else if (plan.workload == "create_race") {
        judge.always(check_agreement("created_once", history.comparisons));
    } else if (plan.workload == "rejoin") {
        judge.always(check_agreement("absent_may_join", history.comparisons));
    } else if (plan.workload == "lock_names") {
        judge.always(check_agreement("names_stay_inside", history.comparisons));
    } else {
        judge.never(check_agreement(
            plan.workload == "wait_trap" ? "wait_means_replicated" : "replica_reads_current",
            history.comparisons));
    }
    static const std::set<std::string> compared = {"wait_trap", "replica_read", "create_race",
                                                   "lock_names"};
    if (!compared.contains(plan.workload))
        judge.always(check_progress(history, plan.progress_within.count()));
    if (!calls) return judge.judgements;
    for (CharacteristicVerdict& each : judge_characteristics(facts_of(plan), *calls, notes.claims))
        judge.by_characteristic(std::move(each));
    for (Verdict& each : judge_readings(facts_of(plan), *calls)) {
        if (each.property == prompt_release)
            judge.by_characteristic({Characteristic::non_timeout_based, std::move(each)});
        else
            judge.never(std::move(each));
    }
    return judge.judgements;
}

std::vector<std::string> properties_of(const Plan& plan) {
    // A run in which nothing happened but one look at a handle is judged by all of them.
    History nothing;
    nothing.looks.emplace_back().free_at_ns = 0;
    nothing.joins.emplace_back();
    CallLog no_calls([] { return std::int64_t{0}; });
    no_calls.close();
    const DriverRegistry no_drivers;
    const RunNotes notes{no_drivers};
    std::vector<std::string> names;
    for (const Judgement& each :
         judge(plan, nothing, plan.characteristics ? &no_calls : nullptr, notes))
        names.push_back(each.verdict.property);
    // Those that a run is judged by only when something was done.
    if (plan.characteristics) {
        names.push_back("linearizable_as_mutex");
        names.push_back("prompt_release");
    }
    if (plan.tenfold) names.push_back("loss_without_timers");
    return names;
}

}  // namespace conclave::scenarios
