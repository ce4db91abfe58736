#include "draw_client.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace conclave::scenarios {

using sim::Stream;

namespace {

/// What its clients do again and again.
std::string usual_action(const std::string& workload) {
    static const std::map<std::string, std::string> actions{{"lock_twice", "lock"},
                                                            {"lock_names", "lock"},
                                                            {"shared_lock", "lock"},
                                                            {"rejoin", "join"},
                                                            {"shutdown", "stop"}};
    const auto found = actions.find(workload);
    return found == actions.end() ? workload : found->second;
}

/// Mostly updates, and looks at somebody; now and then a member leaves, and is back with an update.
void draw_capabilities_step(Step& step, const Scenario& scenario, Stream& stream) {
    const std::uint64_t kind = stream.below(20);
    step.action = kind < 1 ? "leave" : kind < 9 ? "update" : kind < 17 ? "look" : "read";
    step.object =
        "c" + std::to_string(1 + stream.below(static_cast<std::uint64_t>(scenario.clients)));
}

std::vector<Step> draw_steps(const Scenario& scenario, Stream stream) {
    std::vector<Step> steps;
    Duration at = stream.between(Duration::zero(), scenario.think.high);
    const Duration end = scenario.duration + scenario.progress_within;
    bool joined = true;
    while (at < end) {
        Step step;
        step.at = at;
        step.object = "object-" + std::to_string(stream.below(
                                      static_cast<std::uint64_t>(scenario.objects)));
        step.length = stream.between(scenario.hold.low, scenario.hold.high);
        step.action = usual_action(scenario.workload);
        if (scenario.workload == "shared_lock" && stream.chance(0.6)) step.action = "share";
        if (scenario.workload == "group") {
            const bool change = stream.chance(0.1);
            step.action = !change ? "read" : joined ? "leave" : "join";
            if (change) joined = !joined;
        }
        if (scenario.workload == "capabilities") draw_capabilities_step(step, scenario, stream);
        if (scenario.workload == "delete_race")
            step.action = std::array{"delete", "join", "leave", "read"}[stream.below(4)];
        // Who does not win campaigns again soon: a leader's step is long, a loser's is not.
        const Duration pause = stream.between(scenario.think.low, scenario.think.high);
        at += pause + (step.action == "leader" ? step.length / scenario.clients : step.length);
        steps.push_back(std::move(step));
    }
    return steps;
}

/// Weights 1..4 that change, and members that come and go, while there are faults; then all stay.
std::vector<Step> draw_ring_steps(const Scenario& scenario, Stream stream) {
    std::vector<Step> steps;
    Duration at = stream.between(Duration::zero(), scenario.think.high);
    bool joined = false;
    while (at < scenario.duration + scenario.progress_within) {
        const bool settled = at >= scenario.duration;
        const bool leaves = stream.chance(0.3) && !settled;
        Step step{at, "read", std::to_string(1 + stream.below(4)), {}};
        if (!joined || (!settled && stream.chance(0.1))) {
            step.action = joined && leaves ? "leave" : "join";
            joined = step.action == "join";
        }
        at += stream.between(scenario.think.low, scenario.think.high);
        steps.push_back(std::move(step));
    }
    return steps;
}

/// All clients at the same moments, as jobs are that run by the clock.
std::vector<Step> draw_herd_steps(const Scenario& scenario, Stream stream) {
    std::vector<Step> steps;
    const Duration end = scenario.duration + scenario.progress_within;
    for (Duration at = scenario.think.high; at < end; at += scenario.think.high)
        steps.push_back({at, "lock", "object-0",
                         stream.between(scenario.hold.low, scenario.hold.high)});
    return steps;
}

std::vector<Step> draw_any_steps(const Scenario& scenario, const Stream& stream) {
    if (scenario.workload == "herd") return draw_herd_steps(scenario, stream);
    if (scenario.workload == "ring") return draw_ring_steps(scenario, stream);
    return draw_steps(scenario, stream);
}

/// Whether the client works through handles.
bool draw_face(const Scenario& scenario, Stream stream) {
    static const std::set<std::string> with_handles{"lock",   "lock_twice", "herd",
                                                    "leader", "group",      "shared_lock",
                                                    "shutdown", "capabilities"};
    if (scenario.workload == "delete_race") return true;
    if (scenario.face == "coordinator" || !with_handles.contains(scenario.workload)) return false;
    return scenario.face == "handles" || stream.chance(0.5);
}

/// Half of the clients with handles lead through a body that the library calls, and wait for it.
void draw_leading(std::vector<Step>& steps, Stream stream) {
    if (!stream.chance(0.5)) return;
    for (Step& step : steps)
        if (step.action == "leader") step.action = "lead";
}

/// Half of the campaigns are followed by a look at who leads: at once, which is when the client has
/// lost it or has led, or a while later.
void draw_looks(const Scenario& scenario, std::vector<Step>& steps, Stream stream) {
    std::vector<Step> all;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        all.push_back(steps[i]);
        const bool looks = stream.chance(0.5), at_once = stream.chance(0.5);
        const Duration later = stream.between(Duration::zero(), scenario.think.high);
        if (!looks) continue;
        Step look{steps[i].at, "who", {}, {}};
        if (!at_once) look.at += later;
        if (i + 1 < steps.size()) look.at = std::min(look.at, steps[i + 1].at);
        all.push_back(std::move(look));
    }
    steps = std::move(all);
}

}  // namespace

ClientPlan draw_client(const Scenario& scenario, std::size_t index, const Stream& seed) {
    ClientPlan client;
    client.name = "c" + std::to_string(index + 1);
    Stream clocks = seed.split("clocks").split(client.name);
    const auto span = static_cast<std::uint64_t>(2 * scenario.clock_rate_ppm_max + 1);
    client.clock_rate_ppm =
        static_cast<int>(static_cast<std::int64_t>(clocks.below(span)) - scenario.clock_rate_ppm_max);
    client.wall_offset = clocks.between(scenario.wall_offset.low, scenario.wall_offset.high);
    client.handles = draw_face(scenario, seed.split("face").split(client.name));
    client.steps = scenario.scripted_steps.empty()
                       ? draw_any_steps(scenario, seed.split("workload").split(client.name))
                       : scenario.scripted_steps[index];
    if (client.handles && scenario.scripted_steps.empty())
        draw_leading(client.steps, seed.split("lead").split(client.name));
    const bool judged = scenario.characteristics && scenario.workload == "leader";
    if (judged && scenario.scripted_steps.empty())
        draw_looks(scenario, client.steps, seed.split("looks").split(client.name));
    return client;
}

}  // namespace conclave::scenarios
