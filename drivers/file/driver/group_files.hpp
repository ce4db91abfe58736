#pragma once

// What groups and members lie in: MessagePack as tooz writes it. Pure; never throws but
// std::bad_alloc and, for capabilities, SerializationError.
// Source: tooz drivers/file.py, _update_group_metadata, join_group and _SCHEMAS, which allow further
// entries in a member's file and none in a group's.

#include <optional>
#include <string>

#include "conclave/time.hpp"
#include "conclave/value.hpp"

namespace conclave::file {

struct Member {
    std::string member_id;
    Value capabilities;
    std::string incarnation;  ///< ours: which join this is; empty when tooz wrote it
    /// When it joined, in UTC; tooz writes the local time of its machine, and says not which.
    std::optional<WallTime> joined = {};
};

std::string pack_group(const std::string& group);
/// The group's id; nullopt when `bytes` are not what tooz could have written.
std::optional<std::string> parse_group(const std::string& bytes);

/// `capabilities` are packed already; `joined` becomes tooz's joined_on, in UTC.
std::string pack_member(const std::string& member_id, const std::string& capabilities,
                        const std::string& incarnation, WallTime joined);
std::optional<Member> parse_member(const std::string& bytes);

}  // namespace conclave::file
