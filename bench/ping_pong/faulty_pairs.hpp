#pragma once

// Clients and servers in pairs, one host each, that exchange 64-byte messages while faults of every
// kind fall on them.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "conclave/sim/world.hpp"

namespace conclave::bench {

class FaultyPairs {
public:
    FaultyPairs(int nodes, std::uint64_t seed);

    /// Runs until `count` more messages have been delivered; returns how many it were exactly.
    std::uint64_t run_messages(std::uint64_t count);

    /// How often each fault fell so far.
    const std::map<std::string, std::uint64_t>& faults() const noexcept { return injected_; }
    const sim::NetworkCounters& counters() { return world_.network().counters(); }
    sim::WorldTime now() const { return world_.now(); }
    std::uint64_t hash() const { return world_.trace_hash(); }

private:
    struct Pair {
        sim::Host& client;
        sim::Host& server;
    };
    void add_pair(int index);
    void schedule_next_fault();
    void inject();
    void inject_on_network(const Pair& pair, std::uint64_t kind);
    void inject_on_processes(const Pair& pair, std::uint64_t kind);
    void heal_later(sim::FaultId fault);

    sim::World world_;
    sim::Stream draw_;
    std::vector<Pair> pairs_;
    std::map<std::string, std::uint64_t> injected_;
};

}  // namespace conclave::bench
