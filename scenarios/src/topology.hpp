#pragma once

// Which hosts a configuration has.

#include <string>
#include <string_view>
#include <vector>

#include "conclave/scenarios/plan.hpp"

namespace conclave::scenarios {

struct Topology {
    std::vector<std::string> servers;    ///< the first is the master at the start
    std::vector<std::string> sentinels;
    std::vector<std::string> clients;
    std::vector<std::string> all() const;
};

/// Whether clients ask sentinels for the master.
bool has_sentinels(std::string_view driver) noexcept;

/// Errors: FileError when the Plan names an unknown configuration.
Topology topology_of(const Plan& plan);

}  // namespace conclave::scenarios
