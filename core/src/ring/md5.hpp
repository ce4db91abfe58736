#pragma once

// MD5, because tooz's rings are made of it: not for security. Our own, since core includes the
// standard library only and must build without OpenSSL, which is asio's alone.
// Source: RFC 1321.

#include <array>
#include <cstdint>
#include <string_view>

namespace conclave::detail {

using Md5Digest = std::array<std::uint8_t, 16>;

/// A digest that grows: update() may follow digest().
class Md5 {
public:
    void update(std::string_view bytes) noexcept;
    /// Of everything given so far.
    Md5Digest digest() const noexcept;

private:
    using Block = std::array<std::uint8_t, 64>;
    void absorb(const std::uint8_t* block) noexcept;

    std::array<std::uint32_t, 4> state_{0x67452301u, 0xEFCDAB89u, 0x98BADCFEu, 0x10325476u};
    std::uint64_t length_ = 0;  ///< bytes so far
    Block tail_{};              ///< the last length_ % 64 bytes
};

Md5Digest md5(std::string_view bytes) noexcept;

}  // namespace conclave::detail
