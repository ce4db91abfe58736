#pragma once

#include <cstdint>

#include "conclave/sim/sim_network.hpp"
#include "conclave/sim/stream.hpp"

namespace conclave::sim {

struct Flow;
struct HostState;

/// One direction between two hosts: what delays it, what cuts it, and the flows that use it.
struct Link {
    Link(const LinkOptions& link_options, Stream link_stream, HostState& source, HostState& target)
        : options(link_options), stream(link_stream), from(source), to(target) {}

    LinkOptions options;
    Stream stream;
    HostState& from;
    HostState& to;
    int cuts = 0;             ///< partitions and silent hosts; nothing passes unless 0
    Duration extra{0};        ///< by clogs
    std::int64_t busy_until = 0;  ///< when the last byte accepted will have left, with bandwidth
    int requests_to_lose = 0;
    int replies_to_lose = 0;      ///< armed on the requests' direction
    Flow* flows = nullptr;
};

}  // namespace conclave::sim
