#include "message_text.hpp"

#include <algorithm>

#include "conclave/codec/redis_scripts.hpp"

namespace conclave::scenarios {

namespace {

/// "*3", "$12": how much follows, which the words themselves show.
bool is_length(std::string_view word) {
    if (word.size() < 2 || (word[0] != '*' && word[0] != '$')) return false;
    return word.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

/// All of it, or its beginning where the message was cut.
bool is_body(std::string_view word, std::string_view body) {
    constexpr std::size_t unmistakable = 100;
    return word.size() >= std::min(unmistakable, body.size()) && body.starts_with(word);
}

std::string printable(std::string_view word) {
    if (word == "$-1" || word == "*-1") return "nil";
    for (const redis::scripts::Script& script : redis::scripts::all)
        if (word == script.sha1 || is_body(word, script.body)) return std::string("script ").append(script.name);
    std::string text;
    for (const char c : word) text += c >= 0x20 && c < 0x7f ? c : '.';
    return text;
}

}  // namespace

std::string message_text(std::string_view bytes) {
    std::string text;
    while (!bytes.empty()) {
        const std::size_t end = bytes.find("\r\n");
        const std::string_view word = bytes.substr(0, end);
        bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 2);
        if (is_length(word) || word.empty()) continue;
        if (!text.empty()) text += ' ';
        text += printable(word);
    }
    return text;
}

}  // namespace conclave::scenarios
