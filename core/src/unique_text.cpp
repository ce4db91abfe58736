#include "conclave/unique_text.hpp"

namespace conclave {

std::string hex_text(std::uint64_t number) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (int shift = 60; shift >= 0; shift -= 4) text += digits[(number >> shift) & 15];
    return text;
}

std::string unique_text(Random& random) {
    const std::string first = hex_text(random.next());
    return first + hex_text(random.next());
}

}  // namespace conclave
