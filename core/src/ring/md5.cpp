#include "md5.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace conclave::detail {
namespace {

constexpr std::size_t block_bytes = 64;
constexpr std::size_t length_at = 56;  ///< where the last block keeps the length in bits

/// floor(2^32 * abs(sin(i + 1))), RFC 1321 section 3.4.
constexpr std::array<std::uint32_t, 64> sines = {
    0xD76AA478u, 0xE8C7B756u, 0x242070DBu, 0xC1BDCEEEu, 0xF57C0FAFu, 0x4787C62Au, 0xA8304613u,
    0xFD469501u, 0x698098D8u, 0x8B44F7AFu, 0xFFFF5BB1u, 0x895CD7BEu, 0x6B901122u, 0xFD987193u,
    0xA679438Eu, 0x49B40821u, 0xF61E2562u, 0xC040B340u, 0x265E5A51u, 0xE9B6C7AAu, 0xD62F105Du,
    0x02441453u, 0xD8A1E681u, 0xE7D3FBC8u, 0x21E1CDE6u, 0xC33707D6u, 0xF4D50D87u, 0x455A14EDu,
    0xA9E3E905u, 0xFCEFA3F8u, 0x676F02D9u, 0x8D2A4C8Au, 0xFFFA3942u, 0x8771F681u, 0x6D9D6122u,
    0xFDE5380Cu, 0xA4BEEA44u, 0x4BDECFA9u, 0xF6BB4B60u, 0xBEBFBC70u, 0x289B7EC6u, 0xEAA127FAu,
    0xD4EF3085u, 0x04881D05u, 0xD9D4D039u, 0xE6DB99E5u, 0x1FA27CF8u, 0xC4AC5665u, 0xF4292244u,
    0x432AFF97u, 0xAB9423A7u, 0xFC93A039u, 0x655B59C3u, 0x8F0CCC92u, 0xFFEFF47Du, 0x85845DD1u,
    0x6FA87E4Fu, 0xFE2CE6E0u, 0xA3014314u, 0x4E0811A1u, 0xF7537E82u, 0xBD3AF235u, 0x2AD7D2BBu,
    0xEB86D391u};

using Words = std::array<std::uint32_t, 16>;

struct Registers {
    std::uint32_t a, b, c, d;
};

/// Sixteen steps: `Step` and `First` choose the words, the four counts are the rotations in turn.
template <std::size_t Round, std::size_t First, std::size_t Step, int R0, int R1, int R2, int R3,
          class Mix>
void round(Registers& r, const Words& words, Mix mix) noexcept {
    constexpr std::array<int, 4> rotations = {R0, R1, R2, R3};
#pragma GCC unroll 16
    for (std::size_t i = 0; i < 16; ++i) {
        const std::uint32_t sum =
            r.a + mix(r.b, r.c, r.d) + words[(First + Step * i) % 16] + sines[Round * 16 + i];
        r = {r.d, r.b + std::rotl(sum, rotations[i % 4]), r.b, r.c};
    }
}

Words little_endian_words(const std::uint8_t* block) noexcept {
    Words words{};
    for (std::size_t i = 0; i < words.size(); ++i)
        for (std::size_t byte = 0; byte < 4; ++byte)
            words[i] |= std::uint32_t{block[i * 4 + byte]} << (8 * byte);
    return words;
}

template <class Number>
void put_little_endian(Number number, std::uint8_t* to) noexcept {
    for (std::size_t byte = 0; byte < sizeof(Number); ++byte)
        to[byte] = static_cast<std::uint8_t>(number >> (8 * byte));
}

}  // namespace

void Md5::absorb(const std::uint8_t* block) noexcept {
    using Word = std::uint32_t;
    const Words words = little_endian_words(block);
    Registers r{state_[0], state_[1], state_[2], state_[3]};
    round<0, 0, 1, 7, 12, 17, 22>(r, words,
                                  [](Word x, Word y, Word z) { return (x & y) | (~x & z); });
    round<1, 1, 5, 5, 9, 14, 20>(r, words,
                                 [](Word x, Word y, Word z) { return (x & z) | (y & ~z); });
    round<2, 5, 3, 4, 11, 16, 23>(r, words, [](Word x, Word y, Word z) { return x ^ y ^ z; });
    round<3, 0, 7, 6, 10, 15, 21>(r, words, [](Word x, Word y, Word z) { return y ^ (x | ~z); });
    state_ = {state_[0] + r.a, state_[1] + r.b, state_[2] + r.c, state_[3] + r.d};
}

void Md5::update(std::string_view bytes) noexcept {
    while (!bytes.empty()) {
        const std::size_t used = length_ % block_bytes;
        const std::size_t taken = std::min(block_bytes - used, bytes.size());
        std::memcpy(tail_.data() + used, bytes.data(), taken);
        bytes.remove_prefix(taken);
        length_ += taken;
        if (used + taken == block_bytes) absorb(tail_.data());
    }
}

Md5Digest Md5::digest() const noexcept {
    Md5 last = *this;
    const std::size_t used = length_ % block_bytes;
    last.tail_[used] = 0x80;
    std::fill(last.tail_.begin() + static_cast<std::ptrdiff_t>(used) + 1, last.tail_.end(),
              std::uint8_t{0});
    if (used >= length_at) {
        last.absorb(last.tail_.data());
        last.tail_.fill(0);
    }
    put_little_endian(length_ * 8, last.tail_.data() + length_at);
    last.absorb(last.tail_.data());
    Md5Digest digest{};
    for (std::size_t i = 0; i < last.state_.size(); ++i)
        put_little_endian(last.state_[i], digest.data() + i * 4);
    return digest;
}

Md5Digest md5(std::string_view bytes) noexcept {
    Md5 hash;
    hash.update(bytes);
    return hash.digest();
}

}  // namespace conclave::detail
