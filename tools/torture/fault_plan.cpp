#include "fault_plan.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>

#include "conclave/sim/stream.hpp"

namespace conclave::torture {

namespace {

constexpr std::array names = {"pause", "kill", "cut", "pause", "kill"};

bool hits_server(FaultKind kind) {
    return kind == FaultKind::pause_server || kind == FaultKind::kill_server;
}

/// Each as often as it stands there.
std::vector<FaultKind> kinds_of(const FaultOptions& options) {
    std::vector<FaultKind> kinds = {FaultKind::pause, FaultKind::pause, FaultKind::kill};
    if (options.cuts) kinds.insert(kinds.end(), {FaultKind::cut, FaultKind::cut});
    if (options.servers > 0) kinds.push_back(FaultKind::pause_server);
    if (options.servers > 0 && options.server_kills) kinds.push_back(FaultKind::kill_server);
    return kinds;
}

// Half of them end before a lease can have lapsed, the others only after it must have.
Duration length_of(FaultKind kind, Duration ttl, sim::Stream& draw) {
    const bool long_one = draw.chance(0.5);
    const Duration shorter = draw.between(ttl / 20, ttl * 3 / 4);
    const Duration longer = draw.between(ttl * 11 / 10, ttl * 5 / 2);
    // A new incarnation may come at once, and meet what the dead one had sent; or so late that every
    // read must have missed it (see the bound of membership_completeness).
    if (kind == FaultKind::kill)
        return long_one ? longer + std::chrono::seconds(1) : shorter - ttl / 20;
    return long_one ? longer : shorter;
}

std::string seconds(Duration length) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.3f s",
                  std::chrono::duration<double>(length).count());
    return text.data();
}

}  // namespace

std::string_view to_string(FaultKind kind) noexcept {
    return names[static_cast<std::size_t>(kind)];
}

std::vector<Fault> draw_faults(const FaultOptions& options) {
    sim::Stream draw = sim::Stream(options.seed).split("faults");
    const std::vector<FaultKind> kinds = kinds_of(options);
    const Duration last = options.length - options.ttl / 2;
    std::map<std::pair<bool, std::uint32_t>, Duration> busy_until;
    std::vector<Fault> faults;
    for (Duration at = options.ttl / 2; at < last;
         at += draw.between(options.ttl / 10, options.ttl)) {
        Fault fault;
        fault.kind = kinds[draw.below(kinds.size())];
        const bool server = hits_server(fault.kind);
        fault.target =
            static_cast<std::uint32_t>(draw.below(server ? options.servers : options.clients));
        fault.at = at;
        fault.length = length_of(fault.kind, options.ttl, draw);
        Duration& busy = busy_until[{server, fault.target}];
        if (at < busy || at + fault.length > last) continue;
        busy = at + fault.length + options.ttl / 10;
        faults.push_back(fault);
    }
    return faults;
}

std::string client_name(std::uint32_t number) { return "c" + std::to_string(number + 1); }

std::string target_name(const Fault& fault) {
    return hits_server(fault.kind) ? "server " + std::to_string(fault.target + 1)
                                   : client_name(fault.target);
}

std::string describe(const Fault& fault) {
    return seconds(fault.at) + "  " + std::string(to_string(fault.kind)) + " " +
           target_name(fault) + " for " + seconds(fault.length);
}

}  // namespace conclave::torture
