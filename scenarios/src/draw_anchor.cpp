#include "draw_anchor.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace conclave::scenarios {

using sim::Stream;

namespace {

constexpr Duration near = std::chrono::milliseconds(5);
constexpr std::uint64_t doublings = 6;

/// What the workload's clients begin and obtain.
struct Words {
    const char* called;
    const char* obtained;
};

Words words_of(const Plan& plan) {
    if (plan.workload == "leader") return {"campaign_called", "led"};
    static const std::set<std::string> of_members{"group", "ring", "delete_race", "capabilities"};
    if (of_members.contains(plan.workload)) return {"join_called", "joined"};
    return {"acquire_called", "acquired"};
}

bool concerns(const Fault& fault, const std::string& name) {
    const auto among = [&](const std::vector<std::string>& side) {
        return std::ranges::find(side, name) != side.end();
    };
    return among(fault.a) || among(fault.b);
}

/// A client that the fault meets, if it meets one, else any.
std::string pick_client(const Topology& topology, const Fault& fault, Stream& stream) {
    std::vector<std::string> met;
    for (const std::string& client : topology.clients)
        if (concerns(fault, client)) met.push_back(client);
    const std::vector<std::string>& from = met.empty() ? topology.clients : met;
    return from[stream.below(from.size())];
}

Duration lease_of(const Plan& plan) {
    const Backend& backend = backend_of(plan);
    const bool member = std::string_view(words_of(plan).obtained) == "joined";
    return member ? backend.membership_timeout(plan.driver_options)
                  : backend.lease(plan.driver_options);
}

/// Behind what was obtained: at once, where it is renewed, where belief ends, where the lease does.
Duration around_lease(const Plan& plan, Stream& stream) {
    const Duration lease = lease_of(plan);
    const Duration margin = lease / 10 + lease / 100;
    const std::array<Duration, 4> ends{Duration::zero(), lease / 3, lease - margin, lease};
    // First: compilers differ in which operand of a sum they evaluate first.
    const Duration apart = stream.between(-near, near);
    return ends[stream.below(ends.size())] + apart;
}

}  // namespace

void draw_anchor(const Plan& plan, const Topology& topology, Fault& fault, Stream stream) {
    static const std::set<std::string> without{"wait_trap", "replica_read", "create_race",
                                               "lock_names"};
    if (without.contains(plan.workload) || !stream.chance(0.5)) return;
    const std::string client = pick_client(topology, fault, stream);
    // The first as often as those behind the thirtieth.
    const std::uint64_t ordinal = 1 + stream.below(std::uint64_t{1} << stream.below(doublings));
    const std::string number = " #" + std::to_string(ordinal);
    const std::uint64_t kind = stream.below(topology.sentinels.empty() ? 4 : 6);
    const Duration soon = stream.between(Duration::zero(), near);
    if (kind >= 4) {
        const std::string& sentinel = topology.sentinels[stream.below(topology.sentinels.size())];
        const char* const change = kind == 4 ? " sentinel.promoted #1" : " sentinel.switch_master #1";
        fault.after = sentinel + change;
        fault.at = soon;
    } else if (kind == 3) {
        fault.after = client + " " + words_of(plan).called + number;
        fault.at = soon;
    } else {
        fault.after = client + " " + words_of(plan).obtained + number;
        fault.at = std::max(Duration::zero(), around_lease(plan, stream));
    }
}

}  // namespace conclave::scenarios
