#include "parts.hpp"

#include <algorithm>
#include <set>

#include "conclave/properties/history.hpp"

namespace conclave::scenarios {

namespace {

/// Where a step stands.
struct Place {
    std::size_t client;
    std::size_t step;
};

std::vector<Place> places_by_time(const Plan& plan) {
    std::vector<Place> places;
    for (std::size_t client = 0; client < plan.clients.size(); ++client)
        for (std::size_t step = 0; step < plan.clients[client].steps.size(); ++step)
            places.push_back({client, step});
    std::stable_sort(places.begin(), places.end(), [&](const Place& a, const Place& b) {
        return plan.clients[a.client].steps[a.step].at < plan.clients[b.client].steps[b.step].at;
    });
    return places;
}

void remove_steps(Plan& plan, std::size_t first, std::size_t length) {
    std::vector<Place> gone = places_by_time(plan);
    gone = {gone.begin() + static_cast<long>(first), gone.begin() + static_cast<long>(first + length)};
    // From behind, so that the places before stay what they are.
    std::sort(gone.begin(), gone.end(), [](const Place& a, const Place& b) { return a.step > b.step; });
    for (const Place& place : gone) {
        std::vector<Step>& steps = plan.clients[place.client].steps;
        steps.erase(steps.begin() + static_cast<long>(place.step));
    }
}

/// False when the fault meets nobody any more.
bool forget_host(Fault& fault, const std::string& name) {
    const bool two_sided = !fault.b.empty();
    std::erase(fault.a, name);
    std::erase(fault.b, name);
    return !fault.a.empty() && (!two_sided || !fault.b.empty());
}

void remove_client(Plan& plan, std::size_t index) {
    const std::string name = plan.clients[index].name;
    plan.clients.erase(plan.clients.begin() + static_cast<long>(index));
    std::erase_if(plan.faults, [&](Fault& fault) { return !forget_host(fault, name); });
}

}  // namespace

std::size_t count(const Plan& plan, Part part) {
    if (part == Part::faults) return plan.faults.size();
    if (part == Part::clients) return plan.clients.size();
    std::size_t steps = 0;
    for (const ClientPlan& client : plan.clients) steps += client.steps.size();
    return steps;
}

Plan without(const Plan& plan, Part part, std::size_t first, std::size_t length) {
    Plan less = plan;
    length = std::min(length, count(plan, part) - first);
    const auto begin = static_cast<long>(first), end = static_cast<long>(first + length);
    if (part == Part::faults)
        less.faults.erase(less.faults.begin() + begin, less.faults.begin() + end);
    else if (part == Part::steps)
        remove_steps(less, first, length);
    else
        for (std::size_t i = first + length; i-- > first;) remove_client(less, i);
    return less;
}

Plan cut_at(const Plan& plan, Duration end) {
    Plan cut = plan;
    cut.duration = std::min(plan.duration, end);
    std::erase_if(cut.faults, [&](const Fault& fault) { return fault.call == 0 && fault.at > end; });
    for (ClientPlan& client : cut.clients) {
        const auto behind = std::find_if(client.steps.begin(), client.steps.end(),
                                         [&](const Step& step) { return step.at > end; });
        if (behind != client.steps.end()) client.steps.erase(behind + 1, client.steps.end());
    }
    return cut;
}

Plan at_times(const Plan& plan, const std::vector<std::int64_t>& begin_ns) {
    Plan fixed = plan;
    for (std::size_t i = 0; i < fixed.faults.size(); ++i) {
        Fault& fault = fixed.faults[i];
        if (fault.by_time() || begin_ns[i] == properties::never_ns) continue;
        fault.at = Duration(begin_ns[i]);
        fault.after.clear();
        fault.call = 0;
        fault.after_call = false;
    }
    return fixed;
}

Plan pinned(const Plan& plan, const std::map<std::string, std::vector<std::int64_t>>& begin_ns) {
    Plan fixed = plan;
    for (ClientPlan& client : fixed.clients) {
        const auto found = begin_ns.find(client.name);
        if (found == begin_ns.end()) continue;
        for (std::size_t i = 0; i < std::min(client.steps.size(), found->second.size()); ++i)
            if (found->second[i] != properties::never_ns)
                client.steps[i].at = std::max(client.steps[i].at, Duration(found->second[i]));
    }
    return fixed;
}

Plan sooner(const Plan& plan, Duration from, Duration by) {
    Plan moved = plan;
    if (moved.duration >= from) moved.duration -= by;
    for (Fault& fault : moved.faults)
        if (fault.by_time() && fault.at >= from) fault.at -= by;
    for (ClientPlan& client : moved.clients)
        for (Step& step : client.steps)
            if (step.at >= from) step.at -= by;
    return moved;
}

std::vector<Duration> times_of(const Plan& plan) {
    std::set<Duration> times;
    for (const Fault& fault : plan.faults)
        if (fault.by_time()) times.insert(fault.at);
    for (const ClientPlan& client : plan.clients)
        for (const Step& step : client.steps) times.insert(step.at);
    return {times.begin(), times.end()};
}

}  // namespace conclave::scenarios
