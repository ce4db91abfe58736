#include "names.hpp"

#include <algorithm>
#include <array>

#include "conclave/codec/sha1.hpp"
#include "conclave/error.hpp"

namespace conclave::file {

namespace {

constexpr std::size_t name_bytes_max = 255;  // NAME_MAX of Linux, for each part
constexpr std::array<std::string_view, 4> reserved = {"groups", "tmp", ".driver_lock", ".conclave"};

[[noreturn]] void refuse(const std::string& name, const std::string& expected) {
    throw Error("lock name '" + name + "': expected " + expected);
}

void check_part(const std::string& name, std::string_view part) {
    if (part.empty() || part == "." || part == "..")
        refuse(name, "a relative path without empty parts, '.' and '..'");
    if (part.size() > name_bytes_max) refuse(name, "parts of at most 255 bytes");
}

}  // namespace

std::string Names::lock(const std::string& name) const {
    if (name.find('\0') != std::string::npos) refuse(name, "no zero byte");
    const std::string_view first = std::string_view(name).substr(0, name.find('/'));
    if (std::ranges::find(reserved, first) != reserved.end())
        refuse(name, "one that does not begin with '" + std::string(first) +
                         "', which is reserved for the driver's own files");
    for (std::size_t at = 0; at <= name.size();) {
        const std::size_t end = std::min(name.find('/', at), name.size());
        check_part(name, std::string_view(name).substr(at, end - at));
        at = end + 1;
    }
    return folder_ + "/" + name;
}

std::string Names::hashed(const std::string& text) {
    const digest::Digits digits = digest::sha1(text);
    return {digits.data(), digits.size()};
}

}  // namespace conclave::file
