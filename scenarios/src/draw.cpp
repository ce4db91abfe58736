// A seed draws a Plan. Every part has a stream of its own, so that a change to one leaves the
// others as they were.

#include <algorithm>

#include "backend.hpp"
#include "draw_anchor.hpp"
#include "draw_client.hpp"
#include "draw_sides.hpp"

namespace conclave::scenarios {

using sim::Stream;

namespace {

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

/// Faults between two machines, or on a server, need a server, and a disk that hangs needs a disk.
void check_kinds(const Scenario& scenario, const Topology& topology, const std::string& driver) {
    for (const FaultAction kind : scenario.fault_kinds) {
        const bool of_disk = kind == FaultAction::disk_hang && topology.disk.empty();
        if (!of_disk && !(needs_server(kind) && topology.servers.empty())) continue;
        throw FileError("configuration '" + driver + "' has no " + (of_disk ? "disk" : "server") +
                        " for fault '" + std::string(to_string(kind)) + "'");
    }
}

Fault draw_fault(const Scenario& scenario, const Topology& topology, FaultAction action,
                 Duration ttl, Stream stream) {
    Fault fault;
    fault.action = action;
    fault.at = stream.between(Duration::zero(), scenario.duration);
    fault.length = draw_length(stream, scenario, ttl);
    if (action == FaultAction::partition || action == FaultAction::one_way) {
        draw_sides(stream, topology, fault);
    } else if (action == FaultAction::partial) {
        draw_partial_sides(stream, topology, fault);
    } else if (action == FaultAction::ring) {
        draw_ring(stream, topology, fault);
    } else if (on_a_link(action)) {
        draw_link(stream, topology, action, fault);
        fault.amount = action == FaultAction::clog ? fault.length.count() / 4 : 0;
    } else if (action == FaultAction::disk_hang) {
        fault.a = {topology.disk};
    } else {
        fault.a = {draw_target(stream, topology, action)};
    }
    if (action == FaultAction::clock_rate)
        fault.amount = static_cast<std::int64_t>(stream.below(2 * 10'000 + 1)) - 10'000;
    if (action == FaultAction::clock_step)
        fault.amount = stream.between(Duration::zero(), std::chrono::seconds(10)).count();
    if (action == FaultAction::wall_step)
        fault.amount = stream.between(-std::chrono::seconds(60), std::chrono::seconds(60)).count();
    return fault;
}

/// About as many choices as a run of this length has: see docs/simulation.md.
constexpr std::uint64_t choices_per_client_second = 40;
constexpr std::uint64_t priority_changes_max = 3;

void draw_priorities(Plan& plan, const Scenario& scenario, Stream stream) {
    plan.priority_scheduling = stream.chance(0.25);
    if (!plan.priority_scheduling) return;
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(
        scenario.duration + scenario.progress_within);
    plan.priority_changes = stream.split("changes").below(priority_changes_max + 1);
    plan.priority_choices = choices_per_client_second *
                            static_cast<std::uint64_t>(scenario.clients) *
                            static_cast<std::uint64_t>(seconds.count() + 1);
}

std::uint64_t draw_budget(const Scenario& scenario, Stream stream) {
    const auto spread = static_cast<std::uint64_t>(scenario.budget_max - scenario.budget_min + 1);
    return static_cast<std::uint64_t>(scenario.budget_min) + stream.below(spread);
}

}  // namespace

Plan draw_plan(const Scenario& scenario, const std::string& driver, std::uint64_t seed,
               const Search& search) {
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
    if (search.priorities) draw_priorities(plan, scenario, root.split("scheduling"));
    plan.must_keep = scenario.must_keep;
    plan.resource = scenario.resource;
    plan.characteristics = scenario.characteristics;
    plan.tenfold = scenario.tenfold;
    plan.deployment = scenario.deployment;
    plan.link = scenario.link;
    plan.server = scenario.server;
    plan.driver_options = scenario.driver_options;
    plan.outside_envelope = scenario.outside_envelope;
    plan.must_violate = scenario.must_violate;
    plan.sometimes = scenario.sometimes;
    backend_of(plan).complete(plan);
    for (std::size_t i = 0; i < static_cast<std::size_t>(scenario.clients); ++i)
        plan.clients.push_back(draw_client(scenario, i, root));
    plan.faults = scenario.scripted;
    const Topology topology = topology_of(plan);
    check_kinds(scenario, topology, driver);
    const std::vector<FaultAction> kinds =
        search.swarm ? draw_kinds(scenario, root.split("kinds")) : scenario.fault_kinds;
    const bool anchored = search.anchors && Stream(root.split("anchors")).chance(0.5);
    // No length is near a lease that never ends.
    const Duration lease = search.near_lease ? backend_of(plan).lease(plan.driver_options)
                                             : Duration::max();
    const std::uint64_t count = draw_budget(scenario, root.split("budget"));
    for (std::uint64_t i = 0; i < count && !kinds.empty(); ++i) {
        Stream stream = root.split("faults").split(i);
        const FaultAction action = kinds[stream.below(kinds.size())];
        Fault fault = draw_fault(scenario, topology, action, lease, stream.split("fault"));
        if (anchored) draw_anchor(plan, topology, fault, stream.split("anchor"));
        plan.faults.push_back(std::move(fault));
    }
    std::stable_sort(plan.faults.begin(), plan.faults.end(),
                     [](const Fault& a, const Fault& b) { return a.at < b.at; });
    return plan;
}

}  // namespace conclave::scenarios
