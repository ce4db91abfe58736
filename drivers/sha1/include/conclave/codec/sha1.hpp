#pragma once

// SHA-1, also at compile time. For names that tooz and Redis choose; not for security.
// Source: FIPS 180-4, section 6.1.

#include <array>
#include <bit>
#include <cstdint>
#include <string_view>

namespace conclave::digest {

/// 40 lower-case hexadecimal digits.
using Digits = std::array<char, 40>;

namespace detail {

using Sha1State = std::array<std::uint32_t, 5>;

constexpr std::uint32_t sha1_mix(int round, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
    if (round < 20) return ((b & c) | (~b & d)) + 0x5A827999u;
    if (round < 40) return (b ^ c ^ d) + 0x6ED9EBA1u;
    if (round < 60) return ((b & c) | (b & d) | (c & d)) + 0x8F1BBCDCu;
    return (b ^ c ^ d) + 0xCA62C1D6u;
}

constexpr void sha1_block(Sha1State& state, const std::array<std::uint8_t, 64>& block) {
    std::array<std::uint32_t, 80> words{};
    for (std::size_t i = 0; i < 16; ++i)
        for (std::size_t byte = 0; byte < 4; ++byte)
            words[i] = words[i] << 8 | block[i * 4 + byte];
    for (std::size_t i = 16; i < 80; ++i)
        words[i] = std::rotl(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
    auto [a, b, c, d, e] = state;
    for (int round = 0; round < 80; ++round) {
        const std::uint32_t next = std::rotl(a, 5) + sha1_mix(round, b, c, d) + e +
                                   words[static_cast<std::size_t>(round)];
        e = d;
        d = c;
        c = std::rotl(b, 30);
        b = a;
        a = next;
    }
    state = {state[0] + a, state[1] + b, state[2] + c, state[3] + d, state[4] + e};
}

}  // namespace detail

constexpr Digits sha1(std::string_view text) {
    detail::Sha1State state{0x67452301u, 0xEFCDAB89u, 0x98BADCFEu, 0x10325476u, 0xC3D2E1F0u};
    const std::uint64_t bits = std::uint64_t{text.size()} * 8;
    const std::size_t padded = (text.size() + 9 + 63) / 64 * 64;
    std::array<std::uint8_t, 64> block{};
    for (std::size_t at = 0; at < padded; ++at) {
        std::uint8_t byte = 0;
        if (at < text.size()) byte = static_cast<std::uint8_t>(text[at]);
        else if (at == text.size()) byte = 0x80;
        else if (at >= padded - 8) byte = static_cast<std::uint8_t>(bits >> (padded - 1 - at) * 8);
        block[at % 64] = byte;
        if (at % 64 == 63) detail::sha1_block(state, block);
    }
    Digits digits{};
    for (std::size_t i = 0; i < digits.size(); ++i)
        digits[i] = "0123456789abcdef"[state[i / 8] >> (28 - i % 8 * 4) & 15];
    return digits;
}

}  // namespace conclave::digest
