#pragma once

// ASCII letter case, as command names and options compare, and Redis's glob patterns.

#include <string>
#include <string_view>

namespace conclave::servers::redis {

constexpr char to_lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lower(std::string_view text);

/// Whether the two differ at most in the case of ASCII letters.
bool equal_ignoring_case(std::string_view left, std::string_view right) noexcept;

/// Whether `text` matches `pattern` of `*`, `?`, `[a-z^x]` and `\` escapes.
///
/// Limits:  time at most the product of both lengths; no recursion.
/// Source:  stringmatchlen() in util.c of Redis 7.0.15
bool glob_match(std::string_view pattern, std::string_view text) noexcept;

}  // namespace conclave::servers::redis
