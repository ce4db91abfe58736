#include "engine/text.hpp"

#include <cstddef>
#include <utility>

namespace conclave::servers::redis {

std::string lower(std::string_view text) {
    std::string result(text);
    for (char& c : result) c = to_lower(c);
    return result;
}

bool equal_ignoring_case(std::string_view left, std::string_view right) noexcept {
    if (left.size() != right.size()) return false;
    for (std::size_t i = 0; i < left.size(); ++i)
        if (to_lower(left[i]) != to_lower(right[i])) return false;
    return true;
}

namespace {

/// Matches one character against the class that begins after '['; returns where the class ends.
std::pair<bool, std::size_t> match_class(std::string_view pattern, std::size_t at, char c) {
    const bool inverted = at < pattern.size() && pattern[at] == '^';
    if (inverted) ++at;
    bool matched = false;
    for (; at < pattern.size() && pattern[at] != ']'; ++at) {
        if (pattern[at] == '\\' && at + 1 < pattern.size()) {
            matched |= pattern[++at] == c;
        } else if (at + 2 < pattern.size() && pattern[at + 1] == '-') {
            const char first = pattern[at] < pattern[at + 2] ? pattern[at] : pattern[at + 2];
            const char last = pattern[at] < pattern[at + 2] ? pattern[at + 2] : pattern[at];
            matched |= c >= first && c <= last;
            at += 2;
        } else {
            matched |= pattern[at] == c;
        }
    }
    return {matched != inverted, at < pattern.size() ? at + 1 : at};
}

/// Matches one character against the pattern item at `at`; the second is where the next item is.
std::pair<bool, std::size_t> match_item(std::string_view pattern, std::size_t at, char c) {
    if (pattern[at] == '?') return {true, at + 1};
    if (pattern[at] == '[') return match_class(pattern, at + 1, c);
    if (pattern[at] == '\\' && at + 1 < pattern.size()) ++at;
    return {pattern[at] == c, at + 1};
}

}  // namespace

bool glob_match(std::string_view pattern, std::string_view text) noexcept {
    std::size_t at = 0;
    std::size_t in_text = 0;
    std::size_t star = std::string_view::npos;  // where to resume after the last '*'
    std::size_t star_text = 0;
    while (in_text < text.size()) {
        if (at < pattern.size() && pattern[at] == '*') {
            star = ++at;
            star_text = in_text;
            continue;
        }
        const auto [matched, next] = at < pattern.size()
                                         ? match_item(pattern, at, text[in_text])
                                         : std::pair<bool, std::size_t>(false, at);
        if (matched) {
            at = next;
            ++in_text;
        } else if (star != std::string_view::npos) {
            at = star;
            in_text = ++star_text;
        } else {
            return false;
        }
    }
    while (at < pattern.size() && pattern[at] == '*') ++at;
    return at == pattern.size();
}

}  // namespace conclave::servers::redis
