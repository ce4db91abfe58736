#pragma once

// What the engine tells of a key that it deletes because its time has come.

#include <cstdint>
#include <string_view>

namespace conclave::servers::redis {

/// What came across an expired key: a command that named it, or the active cycle.
enum class Expiry : std::uint8_t { lazy, active };
/// A key whose ttl has run out.
struct ExpiredKey {
    int database = 0;
    std::string_view key;
    Expiry expiry = Expiry::lazy;
    std::int64_t late_ms = 0;  ///< deleted this long after it expired
};

}  // namespace conclave::servers::redis
