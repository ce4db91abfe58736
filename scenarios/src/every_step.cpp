#include "conclave/scenarios/every_step.hpp"

#include <algorithm>

#include "backend.hpp"
#include "conclave/scenarios/runner.hpp"

namespace conclave::scenarios {

namespace {

constexpr Duration short_outage = std::chrono::milliseconds(500);

bool among(const std::vector<std::string>& names, const std::string& name) {
    return std::ranges::find(names, name) != names.end();
}

Fault fault_on(FaultAction action, const std::string& process, Duration length) {
    Fault fault;
    fault.action = action;
    fault.length = length;
    fault.a = {process};
    return fault;
}

Fault cut_off(const Topology& topology, const std::string& process, Duration length) {
    Fault cut = fault_on(FaultAction::partition, process, length);
    for (const std::string& host : topology.all())
        if (host != process) cut.b.push_back(host);
    return cut;
}

std::vector<Fault> ways_to_disturb(const Plan& plan, const std::string& process) {
    const Topology topology = topology_of(plan);
    const bool client = among(topology.clients, process);
    if (!client && !among(topology.servers, process))
        throw FileError(plan.scenario + ": there is no client or server '" + process + "'");
    const Duration lease = backend_of(plan).lease(plan.driver_options);
    const Duration outlasting = lease + lease / 4;
    std::vector<Fault> ways{fault_on(FaultAction::crash, process, short_outage),
                            fault_on(FaultAction::pause, process, outlasting)};
    if (!client || topology.servers.empty())
        ways.push_back(fault_on(FaultAction::power_loss, process, short_outage));
    if (topology.servers.empty()) return ways;
    ways.push_back(cut_off(topology, process, outlasting));
    if (!client) return ways;
    for (const FaultAction action :
         {FaultAction::reset, FaultAction::request_lost, FaultAction::reply_lost}) {
        ways.push_back(fault_on(action, process, Duration::zero()));
        ways.back().b = {topology.servers.front()};
    }
    return ways;
}

/// Pairs whose first is before the `first`-th of `all` things.
std::uint64_t pairs_before(std::uint64_t first, std::uint64_t all) {
    return first * all - first * (first + 1) / 2;
}

}  // namespace

EveryStep::EveryStep(const Plan& plan, const std::string& process)
    : quiet_(plan), ways_(ways_to_disturb(plan, process)) {
    quiet_.faults.clear();
    quiet_.trace_hash = 0;
    const std::map<std::string, std::uint64_t> calls = run_plan(quiet_).calls;
    const auto found = calls.find(process);
    if (found == calls.end())
        throw FileError(plan.scenario + ": '" + process + "' is no process of its own");
    calls_ = found->second;
}

Fault EveryStep::disturbance(std::uint64_t index) const {
    Fault fault = ways_[index % ways_.size()];
    fault.call = 1 + index / ways_.size();
    return fault;
}

Plan EveryStep::single(std::uint64_t index) const {
    Plan plan = quiet_;
    plan.faults = {disturbance(index)};
    return plan;
}

std::uint64_t EveryStep::pairs() const noexcept {
    return singles() == 0 ? 0 : pairs_before(singles() - 1, singles());
}

Plan EveryStep::pair(std::uint64_t index) const {
    std::uint64_t low = 0;
    std::uint64_t high = singles();
    while (high - low > 1) {
        const std::uint64_t middle = low + (high - low) / 2;
        (pairs_before(middle, singles()) <= index ? low : high) = middle;
    }
    Plan plan = quiet_;
    plan.faults = {disturbance(low),
                   disturbance(low + 1 + index - pairs_before(low, singles()))};
    return plan;
}

std::uint64_t spread(std::uint64_t index, std::uint64_t count, std::uint64_t all) {
    const std::uint64_t whole = all / count;
    const std::uint64_t rest = all % count;
    return index * whole + index * rest / count;
}

}  // namespace conclave::scenarios
