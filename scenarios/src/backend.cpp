#include "backend.hpp"

#include "conclave/scenarios/runner.hpp"
#include "deployment.hpp"

namespace conclave::scenarios {

namespace {

std::vector<const Backend*> all_backends() {
    std::vector<const Backend*> all = file_backends();
    for (const Backend* each : redis_backends()) all.push_back(each);
    return all;
}

}  // namespace

std::vector<std::string> driver_configurations() {
    std::vector<std::string> names;
    for (const Backend* each : all_backends()) names.emplace_back(each->name());
    return names;
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

std::vector<std::string> Topology::all() const {
    std::vector<std::string> hosts = servers;
    hosts.insert(hosts.end(), sentinels.begin(), sentinels.end());
    hosts.insert(hosts.end(), clients.begin(), clients.end());
    if (!machine.empty()) hosts.push_back(machine);
    return hosts;
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

}  // namespace conclave::scenarios
