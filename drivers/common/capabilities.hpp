#pragma once

// Capabilities as a backend stores them: tooz's MessagePack.

#include <cstddef>
#include <string>

#include "conclave/value.hpp"

namespace conclave::common {

/// Of one member, packed. A reply or a file that is read has room for many of them.
inline constexpr std::size_t capabilities_bytes_max = std::size_t{1} << 20;

/// Errors: no effect - SerializationError for what no Python peer could read, or what is too large.
std::string pack_capabilities(const Value& capabilities);
/// No capabilities are null, however the peer's version spelled that. Errors: no effect -
/// SerializationError naming the member.
Value unpack_capabilities(const std::string& packed, const std::string& group,
                          const std::string& member);

}  // namespace conclave::common
