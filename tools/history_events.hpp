#pragma once

// Lines of a history that are no calls: pauses, messages, partitions; and how a line is looked into.

#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "conclave/properties/calls.hpp"

namespace conclave::tool {

using nlohmann::json;

/// What is wrong with a line; the caller knows which line it is.
struct Malformed {
    std::string what;
};

/// Errors: Malformed when it is missing, or something else.
std::int64_t whole(const json& line, const char* key);
std::string word(const json& line, const char* key);
/// Errors: Malformed for a key that is not known.
void require_keys(const json& line, const std::set<std::string>& known);

/// A process that stood still; its sessions are known once the whole history is.
struct Pause {
    properties::TextId process = 0;
    std::int64_t begin_ns = 0, end_ns = 0, timeout_ns = 0;
};

Pause read_pause(const json& line, properties::Calls& history);
void read_message(const json& line, properties::Calls& history);
properties::PartitionWindow read_partition(const json& line, properties::Calls& history);

}  // namespace conclave::tool
