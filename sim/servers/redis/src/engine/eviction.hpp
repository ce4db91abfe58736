#pragma once

// What a server that is full does with its keys.

#include <cstdint>
#include <string_view>

namespace conclave::servers::redis {

enum class Eviction : std::uint8_t { noeviction, allkeys_lru, volatile_lru };
/// As maxmemory-policy has it.
constexpr std::string_view name_of(Eviction policy) noexcept {
    return policy == Eviction::allkeys_lru    ? "allkeys-lru"
           : policy == Eviction::volatile_lru ? "volatile-lru"
                                              : "noeviction";
}

}  // namespace conclave::servers::redis
