#pragma once

// Capabilities as they lie in a group's hash, and small conversions for scripts' arguments.

#include <string>

#include "conclave/time.hpp"
#include "conclave/value.hpp"

namespace conclave::redis {

/// Errors: no effect - SerializationError for what no Python peer could read.
std::string pack_capabilities(const Value& capabilities);
/// No capabilities are null, however the peer's version spelled that. Errors: no effect -
/// SerializationError naming the member.
Value unpack_capabilities(const std::string& packed, const std::string& group,
                          const std::string& member);
/// A time-out as Redis takes it.
std::string milliseconds(Duration length);

}  // namespace conclave::redis
