#pragma once

// conclave ring: which nodes keys belong to.

#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "conclave/hash_ring.hpp"

namespace conclave::tool {

struct RingArguments {
    std::vector<std::string> nodes;  ///< NAME or NAME=WEIGHT
    std::vector<std::string> keys;
    std::vector<std::string> ignored;
    std::uint64_t partitions = HashRing::default_partitions;
    std::uint64_t replicas = 1;
    bool json = false;
};

void add_ring(CLI::App& app, RingArguments& arguments, std::function<int()>& verb);

}  // namespace conclave::tool
