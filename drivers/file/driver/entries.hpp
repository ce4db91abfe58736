#pragma once

// Looking into maps that this library or any version of tooz has written. Values only.

#include <optional>
#include <string>
#include <string_view>

#include "conclave/value.hpp"

namespace conclave::file {

/// The bytes of text or of bytes; tooz before 1.36 did not tell them apart.
inline std::optional<std::string> bytes_of(const Value* value) {
    if (!value) return std::nullopt;
    if (const std::string* const text = value->get_if<std::string>()) return *text;
    if (const Blob* const blob = value->get_if<Blob>()) return blob->bytes;
    return std::nullopt;
}

/// The entry of a map with that key; null when there is none.
inline const Value* entry(const Value& map, std::string_view key) {
    const Map* const entries = map.get_if<Map>();
    if (!entries) return nullptr;
    for (const auto& [name, value] : *entries)
        if (bytes_of(&name) == key) return &value;
    return nullptr;
}

}  // namespace conclave::file
