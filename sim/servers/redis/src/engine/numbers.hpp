#pragma once

// Numbers as Redis reads them: no sign but a minus, no leading zeros, no spaces.
// Source: string2ll() in util.c of Redis 7.0.15.

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace conclave::servers::redis {

/// The whole of `text` as a 64-bit integer, or nothing.
inline std::optional<std::int64_t> parse_integer(std::string_view text) noexcept {
    if (text == "0") return 0;
    const bool negative = !text.empty() && text.front() == '-';
    const std::string_view digits = text.substr(negative ? 1 : 0);
    if (digits.empty() || digits.front() < '1' || digits.front() > '9') return std::nullopt;
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace conclave::servers::redis
