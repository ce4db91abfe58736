// A seed draws a Plan. Every part has a stream of its own, so that a change to one leaves the
// others as they were.

#include <algorithm>

#include "backend.hpp"
#include "conclave/scenarios/scenario.hpp"
#include "conclave/sim/stream.hpp"

namespace conclave::scenarios {

using sim::Stream;

namespace {

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
        step.action = scenario.workload;
        if (scenario.workload == "group") {
            const bool change = stream.chance(0.1);
            step.action = !change ? "read" : joined ? "leave" : "join";
            if (change) joined = !joined;
        }
        // Who does not win campaigns again soon: a leader's step is long, a loser's is not.
        const Duration pause = stream.between(scenario.think.low, scenario.think.high);
        at += pause + (step.action == "leader" ? step.length / scenario.clients : step.length);
        steps.push_back(std::move(step));
    }
    return steps;
}

ClientPlan draw_client(const Scenario& scenario, std::size_t index, const Stream& seed) {
    ClientPlan client;
    client.name = "c" + std::to_string(index + 1);
    Stream clocks = seed.split("clocks").split(client.name);
    const auto span = static_cast<std::uint64_t>(2 * scenario.clock_rate_ppm_max + 1);
    client.clock_rate_ppm =
        static_cast<int>(static_cast<std::int64_t>(clocks.below(span)) - scenario.clock_rate_ppm_max);
    client.wall_offset = clocks.between(scenario.wall_offset.low, scenario.wall_offset.high);
    client.steps = scenario.scripted_steps.empty()
                       ? draw_steps(scenario, seed.split("workload").split(client.name))
                       : scenario.scripted_steps[index];
    return client;
}

/// Swarm testing: most seeds run with few kinds of faults, and so reach states that a mixture of
/// all kinds would disturb.
std::vector<FaultAction> draw_kinds(const Scenario& scenario, Stream stream) {
    std::vector<FaultAction> kinds;
    for (const FaultAction kind : scenario.fault_kinds)
        if (stream.chance(0.5)) kinds.push_back(kind);
    const std::uint64_t fallback = stream.below(scenario.fault_kinds.size());
    if (kinds.empty() && !scenario.fault_kinds.empty())
        kinds.push_back(scenario.fault_kinds[fallback]);
    return kinds;
}

const std::string& pick(Stream& stream, const std::vector<std::string>& names) {
    return names[stream.below(names.size())];
}

/// Splits all hosts in two sides, neither empty.
void draw_sides(Stream& stream, const Topology& topology, Fault& fault) {
    std::vector<std::string> hosts = topology.all();
    for (std::string& host : hosts) (stream.chance(0.5) ? fault.a : fault.b).push_back(host);
    if (fault.a.empty()) std::swap(fault.a, fault.b);
    if (!fault.b.empty()) return;
    fault.b.push_back(fault.a.back());
    fault.a.pop_back();
}

bool on_a_link(FaultAction action) {
    switch (action) {
        case FaultAction::clog:
        case FaultAction::black_hole:
        case FaultAction::reset:
        case FaultAction::half_open:
        case FaultAction::request_lost:
        case FaultAction::reply_lost: return true;
        default: return false;
    }
}

/// A client's link to a server; for a delay as often the link between two servers, where it becomes
/// replication lag.
void draw_link(Stream& stream, const Topology& topology, FaultAction action, Fault& fault) {
    const bool replication = stream.chance(0.5);
    const std::string client = pick(stream, topology.clients);
    const std::uint64_t server = stream.below(topology.servers.size());
    const std::uint64_t other =
        (server + 1 + stream.below(topology.servers.size() - 1)) % topology.servers.size();
    fault.b = {topology.servers[server]};
    fault.a = {replication && action == FaultAction::clog && other != server
                   ? topology.servers[other]
                   : client};
}

/// Half of the lengths land within a few milliseconds of the lease's end, where belief is decided.
Duration draw_length(Stream& stream, const Scenario& scenario, Duration ttl) {
    const bool near_lease = stream.chance(0.5);
    const Duration offset =
        stream.between(-std::chrono::milliseconds(30), std::chrono::milliseconds(30));
    const Duration anywhere = stream.between(scenario.fault_length.low, scenario.fault_length.high);
    const bool margin_end = stream.chance(0.5);
    const Duration lease = margin_end ? ttl - ttl / 10 - ttl / 100 : ttl;
    return near_lease && lease <= scenario.fault_length.high ? lease + offset : anywhere;
}

/// Faults between two machines, or on a server, need a server.
void check_kinds(const Scenario& scenario, const Topology& topology, const std::string& driver) {
    if (!topology.servers.empty()) return;
    for (const FaultAction kind : scenario.fault_kinds)
        if (kind <= FaultAction::reply_lost)
            throw FileError(scenario.name + ": configuration '" + driver +
                            "' has no network for fault '" + std::string(to_string(kind)) + "'");
}

Fault draw_fault(const Scenario& scenario, const Topology& topology, FaultAction action,
                 Duration ttl, Stream stream) {
    Fault fault;
    fault.action = action;
    fault.at = stream.between(Duration::zero(), scenario.duration);
    fault.length = draw_length(stream, scenario, ttl);
    if (action == FaultAction::partition || action == FaultAction::one_way) {
        draw_sides(stream, topology, fault);
    } else if (on_a_link(action)) {
        draw_link(stream, topology, action, fault);
        fault.amount = action == FaultAction::clog ? fault.length.count() / 4 : 0;
    } else {
        const bool server = stream.chance(action == FaultAction::refuse ? 1.0 : 0.5);
        const bool none = topology.servers.empty();
        fault.a = {pick(stream, server && !none ? topology.servers : topology.clients)};
    }
    if (action == FaultAction::clock_rate)
        fault.amount = static_cast<std::int64_t>(stream.below(2 * 10'000 + 1)) - 10'000;
    if (action == FaultAction::wall_step)
        fault.amount = stream.between(-std::chrono::seconds(60), std::chrono::seconds(60)).count();
    return fault;
}

}  // namespace

Plan draw_plan(const Scenario& scenario, const std::string& driver, std::uint64_t seed) {
    const Stream root = Stream(seed).split(scenario.name);
    Plan plan;
    plan.scenario = scenario.name;
    plan.driver = driver;
    plan.seed = seed;
    plan.workload = scenario.workload;
    plan.label = scenario.label;
    plan.duration = scenario.duration;
    plan.progress_within = scenario.progress_within;
    plan.wait = scenario.wait;
    plan.priority_scheduling = Stream(root.split("scheduling")).chance(0.25);
    plan.link = scenario.link;
    plan.server = scenario.server;
    plan.driver_options = scenario.driver_options;
    plan.outside_envelope = scenario.outside_envelope;
    plan.must_violate = scenario.must_violate;
    backend_of(plan).complete(plan);
    for (std::size_t i = 0; i < static_cast<std::size_t>(scenario.clients); ++i)
        plan.clients.push_back(draw_client(scenario, i, root));
    plan.faults = scenario.scripted;
    const Topology topology = backend_of(plan).topology(plan);
    check_kinds(scenario, topology, driver);
    const std::vector<FaultAction> kinds = draw_kinds(scenario, root.split("kinds"));
    Stream budget = root.split("budget");
    const auto spread = static_cast<std::uint64_t>(scenario.budget_max - scenario.budget_min + 1);
    const std::uint64_t count =
        static_cast<std::uint64_t>(scenario.budget_min) + budget.below(spread);
    for (std::uint64_t i = 0; i < count && !kinds.empty(); ++i) {
        Stream stream = root.split("faults").split(i);
        const FaultAction action = kinds[stream.below(kinds.size())];
        plan.faults.push_back(draw_fault(scenario, topology, action,
                                         backend_of(plan).lease(plan.driver_options), stream.split("fault")));
    }
    std::stable_sort(plan.faults.begin(), plan.faults.end(),
                     [](const Fault& a, const Fault& b) { return a.at < b.at; });
    return plan;
}

}  // namespace conclave::scenarios
