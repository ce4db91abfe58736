#include "topology.hpp"

#include "conclave/scenarios/runner.hpp"

namespace conclave::scenarios {

std::vector<std::string> driver_configurations() {
    return {"redis", "redis-sentinel", "redis-sentinel-wait"};
}

bool has_sentinels(std::string_view driver) noexcept {
    return driver == "redis-sentinel" || driver == "redis-sentinel-wait";
}

std::vector<std::string> Topology::all() const {
    std::vector<std::string> hosts = servers;
    hosts.insert(hosts.end(), sentinels.begin(), sentinels.end());
    hosts.insert(hosts.end(), clients.begin(), clients.end());
    return hosts;
}

Topology topology_of(const Plan& plan) {
    Topology topology;
    if (plan.driver == "redis") {
        topology.servers = {"redis-1"};
    } else if (has_sentinels(plan.driver)) {
        topology.servers = {"redis-1", "redis-2", "redis-3"};
        topology.sentinels = {"sentinel-1", "sentinel-2", "sentinel-3"};
    } else {
        std::string known;
        for (const std::string& each : driver_configurations())
            known += (known.empty() ? "" : ", ") + each;
        throw FileError(plan.scenario + ": unknown driver configuration '" + plan.driver +
                        "', expected one of: " + known);
    }
    for (const ClientPlan& client : plan.clients) topology.clients.push_back(client.name);
    return topology;
}

}  // namespace conclave::scenarios
