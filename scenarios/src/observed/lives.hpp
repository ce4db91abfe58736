#pragma once

// How the capabilities of observed members tell which of its lives a member is in, and how often they
// were updated in it: "3" since the third join, "3+1" after an update.

#include <cstdint>
#include <string>
#include <string_view>

#include "conclave/value.hpp"

namespace conclave::scenarios {

inline std::string version_text(std::string_view life, std::uint64_t updates) {
    return std::string(life) + (updates == 0 ? "" : "+" + std::to_string(updates));
}

/// What of them tells the life.
inline std::string_view life_in(std::string_view version) {
    return version.substr(0, version.find('+'));
}

/// As text; "unknown" for what no observed member wrote.
inline std::string version_of(const Value& capabilities) {
    const std::string* const version = capabilities.get_if<std::string>();
    return version ? *version : "unknown";
}

/// The register of a life's capabilities.
inline std::string register_of(std::string_view group, std::string_view member,
                               std::string_view version) {
    return std::string(group) + "/" + std::string(member) + "#" + std::string(life_in(version));
}

}  // namespace conclave::scenarios
