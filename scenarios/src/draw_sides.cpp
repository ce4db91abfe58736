#include "draw_sides.hpp"

#include <algorithm>

namespace conclave::scenarios {

using sim::Stream;

namespace {
const std::string& pick(Stream& stream, const std::vector<std::string>& names) {
    return names[stream.below(names.size())];
}
}  // namespace

void draw_sides(Stream& stream, const Topology& topology, Fault& fault) {
    std::vector<std::string> hosts = topology.all();
    for (std::string& host : hosts) (stream.chance(0.5) ? fault.a : fault.b).push_back(host);
    if (fault.a.empty()) std::swap(fault.a, fault.b);
    if (!fault.b.empty()) return;
    fault.b.push_back(fault.a.back());
    fault.a.pop_back();
}

void draw_partial_sides(Stream& stream, const Topology& topology, Fault& fault) {
    std::vector<std::string> hosts = topology.all();
    draw_ring(stream, topology, fault);  // an order to take the sides from
    hosts.swap(fault.a);
    fault.a = {hosts[0]};
    fault.b = {hosts[1]};
    for (std::size_t i = 2; i < hosts.size(); ++i) {
        const std::uint64_t side = stream.below(3);
        if (side < 2) (side == 0 ? fault.a : fault.b).push_back(hosts[i]);
    }
}

void draw_ring(Stream& stream, const Topology& topology, Fault& fault) {
    fault.a = topology.all();
    for (std::size_t left = fault.a.size(); left > 1; --left)
        std::swap(fault.a[left - 1], fault.a[stream.below(left)]);
}

std::string draw_target(Stream& stream, const Topology& topology, FaultAction action) {
    const bool of_servers = action == FaultAction::refuse || of_a_server(action);
    const bool server = stream.chance(of_servers ? 1.0 : 0.5);
    const bool none = topology.servers.empty();
    const std::string target = pick(stream, server && !none ? topology.servers : topology.clients);
    Stream sentinels = stream.split("sentinel");
    const bool instead = !topology.sentinels.empty() && !of_servers && sentinels.chance(0.25);
    return instead ? pick(sentinels, topology.sentinels) : target;
}

}  // namespace conclave::scenarios
