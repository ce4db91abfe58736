#include "names.hpp"

#include <algorithm>
#include <array>

#include "conclave/codec/sha1.hpp"
#include "conclave/error.hpp"

namespace conclave::file {

namespace {

constexpr std::size_t name_bytes_max = 255;  // NAME_MAX of Linux, for each part
constexpr std::array<std::string_view, 4> reserved = {"groups", "tmp", ".driver_lock", ".conclave"};

// With these a path stays below the 4096 bytes of Linux's PATH_MAX, also when every byte is
// escaped.
constexpr std::size_t escaped_name_bytes_max = 1024;
constexpr std::size_t folder_name_bytes = 200;

[[noreturn]] void refuse(const std::string& name, const std::string& expected) {
    throw Error("lock name '" + name + "': expected " + expected);
}

void check_part(const std::string& name, std::string_view part) {
    if (part.empty() || part == "." || part == "..")
        refuse(name, "a relative path without empty parts, '.' and '..'");
    if (part.size() > name_bytes_max) refuse(name, "parts of at most 255 bytes");
}

bool stands_for_itself(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}

std::string escaped(const std::string& name) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        if (stands_for_itself(c))
            out += c;
        else
            ((out += '%') += digits[byte >> 4]) += digits[byte & 15];
    }
    return out;
}

// Folders end with '+' and files do not, nor does a name contain it: none is in another one's way.
std::string cut_into_folders(const std::string& text) {
    std::string path;
    std::size_t at = 0;
    for (; text.size() - at > folder_name_bytes; at += folder_name_bytes)
        path += text.substr(at, folder_name_bytes) + "+/";
    return path + text.substr(at);
}

std::string own_path(const std::string& name) {
    if (name.empty() || name.size() > escaped_name_bytes_max)
        throw Error("lock name of " + std::to_string(name.size()) +
                    " bytes: expected 1 to 1024 in layout=conclave");
    return cut_into_folders(escaped(name));
}

}  // namespace

std::string Names::fence(const std::string& name) const {
    if (layout_ == Layout::conclave) return lock(name) + "=fence";
    return fences() + "/" + hashed(name);
}

std::string Names::lock(const std::string& name) const {
    if (layout_ == Layout::conclave) return folder_ + "/.conclave/locks/" + own_path(name);
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
