#pragma once

// Histories of a store that is linearizable: each call takes effect at one instant between call and
// return, which overlap those of the other clients.

#include <cstdint>

#include "conclave/properties/calls.hpp"
#include "conclave/properties/models.hpp"

namespace conclave::bench {

struct Workload {
    properties::Model model = properties::Model::register_;
    std::uint32_t clients = 10;
    std::uint32_t calls = 10'000;
    bool blocking = true;    ///< mutex: an acquire waits for its turn; else it is refused
    bool violation = false;  ///< one answer, three quarters in, that nothing explains
};

properties::Calls generate(const Workload& workload);

}  // namespace conclave::bench
