#include "explain.hpp"

#include <algorithm>

namespace conclave::scenarios {

using properties::History;
using properties::Verdict;

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

std::string status_text(properties::Status status) {
    if (status == properties::Status::ok) return "";
    return status == properties::Status::failed ? "failed: " : "unknown: ";
}

/// Words of servers can be long, and a line should stay one.
std::string shortened(const std::string& text) {
    constexpr std::size_t length_max = 72;
    return text.size() <= length_max ? text : text.substr(0, length_max - 3) + "...";
}

void add_operations(const History& history, const std::string& object, std::vector<Event>& events) {
    for (const properties::Operation& operation : history.operations) {
        if (operation.object != object && operation.client != object) continue;
        const std::string what = operation.client + " " + operation.action + " " + operation.object;
        events.push_back({operation.call_ns, what + " called"});
        if (operation.return_ns == properties::never_ns) continue;
        events.push_back({operation.return_ns, what + " -> " + status_text(operation.status) +
                                                   shortened(operation.result)});
    }
}

void add_holds(const std::vector<properties::Hold>& holds, const std::string& object,
               std::vector<Event>& events) {
    for (const properties::Hold& hold : holds)
        if (hold.object == object && hold.end_ns != properties::never_ns)
            events.push_back(
                {hold.end_ns, hold.client + " stops believing: " + to_string(hold.end)});
}

std::string describe(const Fault& fault) {
    std::string text = "fault " + std::string(to_string(fault.action));
    for (const std::string& host : fault.a) text += " " + host;
    if (!fault.b.empty()) text += " |";
    for (const std::string& host : fault.b) text += " " + host;
    return text;
}

void add_faults(const Plan& plan, std::vector<Event>& events) {
    for (const Fault& fault : plan.faults) {
        events.push_back({fault.at.count(), describe(fault)});
        if (fault.length > Duration::zero())
            events.push_back({(fault.at + fault.length).count(), describe(fault) + " is over"});
    }
}

}  // namespace

std::vector<std::string> last_events(const Plan& plan, const History& history,
                                     const Verdict& verdict, std::size_t count) {
    std::vector<Event> events;
    add_faults(plan, events);
    add_operations(history, verdict.object, events);
    add_holds(history.locks, verdict.object, events);
    add_holds(history.leaderships, verdict.object, events);
    std::erase_if(events, [&](const Event& event) { return event.at_ns > verdict.at_ns; });
    std::stable_sort(events.begin(), events.end(),
                     [](const Event& a, const Event& b) { return a.at_ns < b.at_ns; });
    if (events.size() > count) events.erase(events.begin(), events.end() - static_cast<long>(count));
    std::vector<std::string> lines;
    for (const Event& event : events) lines.push_back(stamp(event.at_ns) + "  " + event.text);
    return lines;
}

std::string why(const Verdict& verdict) {
    const std::string& property = verdict.property;
    if (property == "exclusion" || property == "one_leader")
        return "the first holder's own deadline had not passed when the backend granted the second";
    if (property == "fencing" || property == "leader_epochs")
        return "the counter is kept where the lock is kept: what loses the one loses the other";
    if (property == "membership_accuracy")
        return "the member's last acknowledged beat was still in force";
    if (property == "membership_completeness")
        return "the member's beat should have lapsed with its last renewal";
    if (property == "watch_exactness") return "the events do not add up to the view they started from";
    if (property == "created_once") return "creating a group did not look and write in one step";
    if (property == "names_stay_inside") return "the name was made a path without a look at it";
    if (property == "progress") return "nothing stood in the way any more";
    if (property == "wait_means_replicated")
        return "WAIT speaks for the writes of its own connection only";
    return "a replica judges expiry by its own clock and its own copy";
}

}  // namespace conclave::scenarios
