#include "backend.hpp"

#include <algorithm>

#include "conclave/drivers/all_drivers.hpp"
#include "conclave/scenarios/runner.hpp"
#include "deployment.hpp"

namespace conclave::scenarios {

namespace {

std::vector<const Backend*> all_backends() {
    std::vector<const Backend*> all = file_backends();
    for (const Backend* each : redis_backends()) all.push_back(each);
    // Not of std::ranges: what that returns clang 14 cannot compile with this standard library.
    std::stable_partition(all.begin(), all.end(),
                          [](const Backend* each) { return !each->is_foil(); });
    return all;
}

}  // namespace

std::vector<std::string> driver_configurations() {
    std::vector<std::string> names;
    for (const Backend* each : all_backends()) names.emplace_back(each->name());
    return names;
}

DriverRegistry known_drivers() {
    DriverRegistry drivers = all_drivers();
    tooz::add_drivers(drivers);
    return drivers;
}

const Backend& backend_of(const Plan& plan) {
    std::string known;
    for (const Backend* each : all_backends()) {
        if (plan.driver == each->name()) return *each;
        known += (known.empty() ? "" : ", ") + std::string(each->name());
    }
    throw FileError(plan.scenario + ": unknown driver configuration '" + plan.driver +
                    "', expected one of: " + known);
}

Duration membership_lapse(const Plan& plan) {
    const Duration timeout = backend_of(plan).membership_timeout(plan.driver_options);
    return timeout + timeout / 50 + std::chrono::seconds(1);
}

std::vector<std::string> Topology::all() const {
    std::vector<std::string> hosts = servers;
    hosts.insert(hosts.end(), sentinels.begin(), sentinels.end());
    hosts.insert(hosts.end(), clients.begin(), clients.end());
    if (!machine.empty()) hosts.push_back(machine);
    if (!resource.empty()) hosts.push_back(resource);
    return hosts;
}

Topology topology_of(const Plan& plan) {
    Topology topology = backend_of(plan).topology(plan);
    if (plan.deployment != "hosts") topology.machine = machine_host;
    if (plan.resource) topology.resource = resource_host;
    return topology;
}

sim::Host& Backend::client_host(sim::World& world, const Plan&, const ClientPlan& client,
                                Deployment& deployment) const {
    return deployment.add_host(world, client.name, {client.wall_offset});
}

Duration seconds_option(const Options& options, const std::string& key, Duration otherwise) {
    const auto found = options.find(key);
    Duration length = otherwise;
    if (found != options.end()) parse_duration(found->second + "s", length);
    return length;
}

void set_seconds(Options& options, const std::string& key, Duration length) {
    std::string below = std::to_string(1'000'000'000 + length.count() % 1'000'000'000);
    options.erase(key);
    options.emplace(key, std::to_string(length.count() / 1'000'000'000) + "." + below.substr(1));
}

}  // namespace conclave::scenarios
