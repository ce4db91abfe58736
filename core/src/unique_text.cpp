#include "conclave/unique_text.hpp"

namespace conclave {

namespace {

void append_hex(std::string& out, std::uint64_t value) {
    constexpr std::string_view digits = "0123456789abcdef";
    for (int shift = 60; shift >= 0; shift -= 4) out += digits[(value >> shift) & 15];
}

}  // namespace

std::string unique_text(Random& random) {
    std::string text;
    append_hex(text, random.next());
    append_hex(text, random.next());
    return text;
}

}  // namespace conclave
