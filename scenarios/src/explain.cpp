#include "explain.hpp"

#include <algorithm>
#include <map>

#include "conclave/scenarios/words.hpp"

namespace conclave::scenarios {

using properties::History;
using properties::Verdict;

namespace {

struct Event {
    std::int64_t at_ns;
    std::string text;
    bool essential = false;
};

std::string stamp(std::int64_t ns) {
    const std::string digits = std::to_string(ns / 1'000'000 % 1000);
    return std::to_string(ns / 1'000'000'000) + "." + std::string(3 - digits.size(), '0') + digits +
           " s";
}

/// Words of servers can be long, and a line should stay one.
constexpr std::size_t result_bytes_max = 72;

void add_operations(const History& history, const std::string& object, std::vector<Event>& events) {
    for (const properties::Operation& operation : history.operations) {
        if (operation.object != object && operation.client != object) continue;
        events.push_back({operation.call_ns, call_text(operation) + " called"});
        if (operation.return_ns != properties::never_ns)
            events.push_back({operation.return_ns, return_text(operation, result_bytes_max)});
    }
}

void add_holds(const std::vector<properties::Hold>& holds, const std::string& object,
               std::vector<Event>& events) {
    for (const properties::Hold& hold : holds)
        if (hold.object == object && hold.end_ns != properties::never_ns)
            events.push_back(
                {hold.end_ns, hold.client + " stops believing: " + to_string(hold.end)});
}

void add_faults(const Told& told, std::vector<Event>& events) {
    for (std::size_t i = 0; i < told.plan.faults.size(); ++i) {
        const std::int64_t begin_ns = told.fault_begin_ns[i];
        if (begin_ns == properties::never_ns) continue;
        const Fault& fault = told.plan.faults[i];
        events.push_back({begin_ns, describe(fault)});
        if (fault.length > Duration::zero())
            events.push_back(
                {end_of_fault(told.plan, fault, begin_ns), describe(fault) + " is over"});
    }
}

/// At most `count`, the last ones; essential ones go last.
void trim(std::vector<Event>& events, std::size_t count) {
    while (events.size() > count) {
        const auto first = std::find_if(events.begin(), events.end(),
                                        [](const Event& event) { return !event.essential; });
        events.erase(first == events.end() ? events.begin() : first);
    }
}

}  // namespace

std::int64_t end_of_fault(const Plan& plan, const Fault& fault, std::int64_t begin_ns) {
    return std::max(begin_ns, std::min(begin_ns + fault.length.count(), plan.duration.count()));
}

std::string describe(const Fault& fault) {
    std::string text = "fault " + std::string(to_string(fault.action));
    for (const std::string& host : fault.a) text += " " + host;
    if (!fault.b.empty()) text += " |";
    for (const std::string& host : fault.b) text += " " + host;
    return text;
}

std::vector<std::string> last_events(const Told& told, const Verdict& verdict, std::size_t count) {
    std::vector<Event> events;
    add_faults(told, events);
    for (const Mark& mark : told.marks) events.push_back({mark.at.count(), mark.text});
    if (!told.marks.empty())
        for (Event& event : events) event.essential = true;
    add_operations(told.history, verdict.object, events);
    add_holds(told.history.locks, verdict.object, events);
    add_holds(told.history.leaderships, verdict.object, events);
    std::erase_if(events, [&](const Event& event) { return event.at_ns > verdict.at_ns; });
    std::stable_sort(events.begin(), events.end(),
                     [](const Event& a, const Event& b) { return a.at_ns < b.at_ns; });
    trim(events, count);
    std::vector<std::string> lines;
    for (const Event& event : events) lines.push_back(stamp(event.at_ns) + "  " + event.text);
    return lines;
}

std::map<std::string, std::string> judged_properties() {
    return {
        {"exclusion",
         "the first holder's own deadline had not passed when the backend granted the second"},
        {"one_leader",
         "the first leader's own deadline had not passed when the backend granted the second"},
        {"fencing", "the counter is kept where the lock is kept: what loses the one loses the other"},
        {"leader_epochs",
         "the counter is kept where the lock is kept: what loses the one loses the other"},
        {"fenced_effects",
         "the resource saw what the counter gave out: one number twice, or a smaller one later"},
        {"kept", "renewals could get through, or be tried again in time"},
        {"obtained_when_alone", "only the client itself can have left the lock taken"},
        {"told_in_time", "the deadline passed on the client's own clock"},
        {"belief_within_lease",
         "belief ends before the lease only while clocks keep the rate that is assumed"},
        {"membership_accuracy", "the member's last acknowledged beat was still in force"},
        {"membership_completeness", "the member's beat should have lapsed with its last renewal"},
        {"watch_exactness", "the events do not add up to the view they started from"},
        {"one_ring", "members that know the same of their group share its objects out alike"},
        {"no_herd", "each wait before another look is drawn anew, from half of the interval to all of it"},
        {"created_once", "creating a group did not look and write in one step"},
        {"names_stay_inside", "the name was made a path without a look at it"},
        {"progress", "nothing stood in the way any more"},
        {"wait_means_replicated", "WAIT speaks for the writes of its own connection only"},
        {"replica_reads_current", "a replica judges expiry by its own clock and its own copy"},
        {"linearizable", "in no one order that keeps real time does each answer fit its object"},
        {"sequential", "in no one order that keeps what each client awaited do all answers fit"},
        {"causal", "an answer contradicts what its caller could know"},
        {"serializable", "in no order at all do all answers fit"},
        {"same_view_across_clients",
         "an answer leaves out what was acknowledged, or what somebody had read, before it was asked"},
        {"same_view_under_partitions", "the sides of a partition were told what does not fit together"},
        {"non_timeout_based", "a timer measured a silence and took it for an end"},
        {"distributed_across_threads", "threads that share an object were told what does not fit"},
        {"distributed_across_processes", "processes that share an object were told what does not fit"},
        {"distributed_across_hosts", "hosts that share an object were told what does not fit"},
    };
}

std::string why(const Verdict& verdict) {
    static const std::map<std::string, std::string> sentences = judged_properties();
    const auto found = sentences.find(verdict.property);
    return found == sentences.end() ? "see the property in docs/scenarios.md" : found->second;
}

}  // namespace conclave::scenarios
