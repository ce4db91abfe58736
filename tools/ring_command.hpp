#pragma once

// conclave ring: which nodes keys belong to.

#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "conclave/hash_ring.hpp"
#include "verbs/production_verbs.hpp"

namespace conclave::tool {

struct RingArguments {
    std::vector<std::string> nodes;  ///< NAME or NAME=WEIGHT
    std::vector<std::string> keys;
    std::vector<std::string> ignored;
    std::uint64_t partitions = HashRing::default_partitions;
    std::uint64_t replicas = 1;
    bool json = false;
    std::string group;  ///< instead of nodes: the members of this group
    std::vector<std::string> group_keys;
    std::string url;
};

/// With `read_group` there is the form `ring GROUP KEY...`, too.
void add_ring(CLI::App& app, RingArguments& arguments, std::function<int()>& verb,
              const GroupReader& read_group);

}  // namespace conclave::tool
