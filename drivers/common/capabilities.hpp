#pragma once

// Capabilities as a backend stores them: tooz's MessagePack.

#include <string>

#include "conclave/value.hpp"

namespace conclave::common {

/// Errors: no effect - SerializationError for what no Python peer could read.
std::string pack_capabilities(const Value& capabilities);
/// No capabilities are null, however the peer's version spelled that. Errors: no effect -
/// SerializationError naming the member.
Value unpack_capabilities(const std::string& packed, const std::string& group,
                          const std::string& member);

}  // namespace conclave::common
