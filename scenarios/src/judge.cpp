#include "judge.hpp"

#include <algorithm>
#include <tuple>

namespace conclave::scenarios {

using properties::History;
using properties::Verdict;

namespace {

Duration membership_timeout(const Plan& plan) {
    Duration timeout = std::chrono::seconds(30);
    for (const char* key : {"timeout", "membership_timeout"}) {
        const auto found = plan.driver_options.find(key);
        if (found != plan.driver_options.end()) parse_duration(found->second + "s", timeout);
    }
    return timeout;
}

/// A claim holds inside its envelope: a scenario that leaves the envelope gathers evidence only.
class Judge {
public:
    Judge(const Plan& plan, const RunNotes& notes)
        : inside_(plan.outside_envelope.empty()), features_(notes.claims.features) {}

    void by_feature(Verdict verdict, Feature feature) {
        judgements.push_back({std::move(verdict), inside_ && features_.contains(feature)});
    }
    /// For what every driver promises whatever it claims.
    void always(Verdict verdict) { judgements.push_back({std::move(verdict), inside_}); }
    void never(Verdict verdict) { judgements.push_back({std::move(verdict), false}); }

    std::vector<Judgement> judgements;

private:
    bool inside_;
    std::set<Feature> features_;
};

}  // namespace

std::vector<Judgement> judge(const Plan& plan, const History& history, const RunNotes& notes) {
    Judge judge(plan, notes);
    if (plan.workload == "lock") {
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
        const Duration bound = membership_timeout(plan) + membership_timeout(plan) / 50 +
                               std::chrono::seconds(1);
        judge.by_feature(check_membership_completeness(history, bound.count()),
                         Feature::membership_accuracy);
        judge.always(check_watch_exactness(history));
    } else {
        judge.never(check_exclusion(
            plan.workload == "wait_trap" ? "wait_means_replicated" : "replica_reads_current",
            history.locks));
    }
    if (plan.workload != "wait_trap" && plan.workload != "replica_read")
        judge.always(check_progress(history, plan.progress_within.count()));
    return judge.judgements;
}

namespace {

struct Event {
    std::int64_t at_ns;
    std::string text;
};

std::string stamp(std::int64_t ns) {
    const std::string digits = std::to_string(ns / 1'000'000 % 1000);
    return std::to_string(ns / 1'000'000'000) + "." + std::string(3 - digits.size(), '0') + digits +
           " s";
}

void add_operations(const History& history, const std::string& object, std::vector<Event>& events) {
    for (const properties::Operation& operation : history.operations) {
        if (operation.object != object && operation.client != object) continue;
        const std::string what = operation.client + " " + operation.action + " " + operation.object;
        events.push_back({operation.call_ns, what + " called"});
        if (operation.return_ns == properties::never_ns) continue;
        const std::string status = operation.status == properties::Status::ok       ? ""
                                   : operation.status == properties::Status::failed ? "failed: "
                                                                                    : "unknown: ";
        events.push_back({operation.return_ns, what + " -> " + status + operation.result});
    }
}

void add_holds(const std::vector<properties::Hold>& holds, const std::string& object,
               std::vector<Event>& events) {
    for (const properties::Hold& hold : holds)
        if (hold.object == object && hold.end_ns != properties::never_ns)
            events.push_back({hold.end_ns, hold.client + " stops believing: " + to_string(hold.end)});
}

}  // namespace

std::vector<std::string> last_events(const History& history, const Verdict& verdict,
                                     std::size_t count) {
    std::vector<Event> events;
    add_operations(history, verdict.object, events);
    add_holds(history.locks, verdict.object, events);
    add_holds(history.leaderships, verdict.object, events);
    std::erase_if(events, [&](const Event& event) { return event.at_ns > verdict.at_ns; });
    std::stable_sort(events.begin(), events.end(),
                     [](const Event& a, const Event& b) { return a.at_ns < b.at_ns; });
    if (events.size() > count) events.erase(events.begin(), events.end() - static_cast<std::ptrdiff_t>(count));
    std::vector<std::string> lines;
    for (const Event& event : events) lines.push_back(stamp(event.at_ns) + "  " + event.text);
    return lines;
}

}  // namespace conclave::scenarios
