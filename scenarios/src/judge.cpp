#include "judge.hpp"

#include "backend.hpp"

namespace conclave::scenarios {

using properties::History;
using properties::Verdict;

namespace {

/// A claim holds inside its envelope: a scenario that leaves the envelope gathers evidence only.
class Judge {
public:
    Judge(const Plan& plan, const RunNotes& notes)
        : inside_(plan.outside_envelope.empty()), features_(notes.claims.features) {}

    void by_feature(Verdict verdict, Feature feature) {
        judgements.push_back({std::move(verdict), inside_ && features_.contains(feature), {}, {}});
    }
    /// For what every driver promises whatever it claims.
    void always(Verdict verdict) { judgements.push_back({std::move(verdict), inside_, {}, {}}); }
    void never(Verdict verdict) { judgements.push_back({std::move(verdict), false, {}, {}}); }

    std::vector<Judgement> judgements;

private:
    bool inside_;
    std::set<Feature> features_;
};

}  // namespace

std::vector<Judgement> judge(const Plan& plan, const History& history, const RunNotes& notes) {
    Judge judge(plan, notes);
    if (plan.workload == "lock" || plan.workload == "lock_twice") {
        judge.by_feature(check_exclusion("exclusion", history.locks),
                         Feature::exclusive_by_belief);
        judge.by_feature(check_tokens("fencing", history.locks), Feature::fencing);
    } else if (plan.workload == "leader") {
        judge.by_feature(check_exclusion("one_leader", history.leaderships),
                         Feature::exclusive_by_belief);
        judge.by_feature(check_tokens("leader_epochs", history.leaderships), Feature::fencing);
    } else if (plan.workload == "group") {
        judge.by_feature(check_membership_accuracy(history), Feature::membership_accuracy);
        // The lease itself, 1 % of clock rate, and the second that reads may take.
        const Duration timeout = backend_of(plan).membership_timeout(plan.driver_options);
        const Duration bound = timeout + timeout / 50 + std::chrono::seconds(1);
        judge.by_feature(check_membership_completeness(history, bound.count()),
                         Feature::membership_accuracy);
        judge.always(check_watch_exactness(history));
    } else if (plan.workload == "create_race") {
        judge.always(check_agreement("created_once", history.comparisons));
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
    return judge.judgements;
}

}  // namespace conclave::scenarios
