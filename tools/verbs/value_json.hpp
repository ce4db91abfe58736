#pragma once

// Capabilities as JSON, both ways. Pure.

#include <nlohmann/json.hpp>
#include <string>

#include "conclave/value.hpp"

namespace conclave::tool {

/// Bytes become text, with U+FFFD for what is not UTF-8; keys that are not text are printed as
/// text.
nlohmann::ordered_json to_json(const Value& value);
/// Errors: UsageError naming `option` when `text` is no JSON.
Value value_of(const std::string& text, const std::string& option);
/// One line; bytes of names that are not UTF-8 show as U+FFFD.
std::string line_of(const nlohmann::ordered_json& json);

}  // namespace conclave::tool
