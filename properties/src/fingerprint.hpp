#pragma once

// 128-bit fingerprints of sets and states: the exclusive or of one key for each element, so that
// adding and removing an element is the same cheap step. Two different sets share a fingerprint with
// probability 2^-128; docs/properties.md says what follows from that.

#include <cstdint>

namespace conclave::properties {

struct Fingerprint {
    std::uint64_t high = 0;
    std::uint64_t low = 0;

    Fingerprint& operator^=(const Fingerprint& other) noexcept {
        high ^= other.high;
        low ^= other.low;
        return *this;
    }
    friend Fingerprint operator^(Fingerprint a, const Fingerprint& b) noexcept { return a ^= b; }
    friend bool operator==(const Fingerprint&, const Fingerprint&) = default;
};

/// The finalizer of splitmix64: every input bit reaches every output bit.
/// Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", section 3.
constexpr std::uint64_t mix(std::uint64_t value) noexcept {
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
    return value ^ (value >> 31);
}

/// The key of element (`kind`, `number`); kinds keep elements of different nature apart.
constexpr Fingerprint key(std::uint64_t kind, std::uint64_t number) noexcept {
    const std::uint64_t first = mix(number + 0x9e3779b97f4a7c15ULL * (2 * kind + 1));
    const std::uint64_t second = mix(first + 0xd1b54a32d192ed03ULL * (number + kind + 1));
    return {first, second};
}

}  // namespace conclave::properties
