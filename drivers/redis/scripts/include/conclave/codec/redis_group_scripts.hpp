#pragma once

// The scripts of groups and their members.

#include "conclave/codec/redis_script.hpp"

namespace conclave::redis::scripts {

/// KEYS: group, all groups. ARGV: group id. Reply: 1, or 0 when the group exists.
inline constexpr Script create_group{"create_group", "5a3a2c48c5b5719209f26eb5d12f5e73d05267e6",
                                     R"lua(if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('SADD', KEYS[2], ARGV[1])
redis.call('HSET', KEYS[1], '__created__', '1')
return 1
)lua"};

/// KEYS: group, all groups. ARGV: group id.
/// Reply: 1, -1 when the group is missing, -3 when it has members.
inline constexpr Script delete_group{"delete_group", "7675986537604d8ece531b4617d0fd4715af17bf",
                                     R"lua(if redis.call('EXISTS', KEYS[1]) == 0 then return -1 end
if redis.call('SISMEMBER', KEYS[2], ARGV[1]) == 0 then return -1 end
if redis.call('HLEN', KEYS[1]) > 1 then return -3 end
redis.call('SREM', KEYS[2], ARGV[1])
redis.call('DEL', KEYS[1])
return 1
)lua"};

/// Adds a member with its beat; an existing member keeps its capabilities. A join is one incarnation
/// of the member, and the join key says which: its text, or '-' and its text once it was left. A
/// request that was delayed past the end of its own incarnation therefore does nothing.
/// KEYS: group, beat, join. ARGV: member id, capabilities, beat's ttl in ms, incarnation, join key's
/// ttl in ms.
/// Reply: 1, 2 when this incarnation has joined before, -1 when the group is missing, 0 when the
/// member is there already or this incarnation was left.
inline constexpr Script join_group{"join_group", "41e230646e437a2476e3d6f9d59b2dd6912994db",
                                   R"lua(if redis.call('EXISTS', KEYS[1]) == 0 then return -1 end
local last = redis.call('GET', KEYS[3])
if last == '-' .. ARGV[4] then return 0 end
local added = redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2])
if added == 0 and last ~= ARGV[4] then return 0 end
redis.call('SET', KEYS[2], 'Not dead!', 'PX', ARGV[3])
redis.call('SET', KEYS[3], ARGV[4], 'PX', ARGV[5])
return 2 - added
)lua"};

/// Removes one incarnation of a member, and remembers that it was left.
/// KEYS: group, join. ARGV: member id, incarnation, join key's ttl in ms.
/// Reply: 1, 2 when this incarnation was left before, -1 when the group is missing, 0 when no such
/// member or another incarnation of it.
inline constexpr Script leave_group{"leave_group", "08f11e65d7a069e9d7fa889da5577d7c038c6ec7",
                                    R"lua(if redis.call('EXISTS', KEYS[1]) == 0 then return -1 end
local last = redis.call('GET', KEYS[2])
if last == '-' .. ARGV[2] then return 2 end
if last and last ~= ARGV[2] then return 0 end
redis.call('SET', KEYS[2], '-' .. ARGV[2], 'PX', ARGV[3])
return redis.call('HDEL', KEYS[1], ARGV[1])
)lua"};

/// Reads the members and removes, in the same step, those whose beat is missing; never the asker.
/// KEYS: group. ARGV: prefix of beat keys, the asker's member id.
/// Reply: member id, capabilities, member id, ...; -1 when the group is missing.
inline constexpr Script get_members{"get_members", "7eab5ad61794df2f4f88971dee9f0b069ccb8d0a",
                                    R"lua(if redis.call('EXISTS', KEYS[1]) == 0 then return -1 end
local fields = redis.call('HGETALL', KEYS[1])
local present = {}
for i = 1, #fields, 2 do
    local member = fields[i]
    if member ~= '__created__' then
        if member == ARGV[2] or redis.call('EXISTS', ARGV[1] .. member) == 1 then
            present[#present + 1] = member
            present[#present + 1] = fields[i + 1]
        else
            redis.call('HDEL', KEYS[1], member)
        end
    end
end
return present
)lua"};

/// KEYS: group. ARGV: member id.
/// Reply: the capabilities, nil when there is no such member, -1 when the group is missing.
inline constexpr Script get_capabilities{
    "get_capabilities", "58856d335c702b0d21976c91bdee54737d0ae89e",
    R"lua(if redis.call('EXISTS', KEYS[1]) == 0 then return -1 end
return redis.call('HGET', KEYS[1], ARGV[1])
)lua"};

/// KEYS: group, join. ARGV: member id, capabilities, incarnation.
/// Reply: 1, -1 when the group is missing, 0 when no such member or another incarnation of it.
inline constexpr Script update_capabilities{
    "update_capabilities", "5a8b7dd79e46a611063c71239b97530f2558730e",
    R"lua(if redis.call('EXISTS', KEYS[1]) == 0 then return -1 end
local last = redis.call('GET', KEYS[2])
if last and last ~= ARGV[3] then return 0 end
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 1
)lua"};

/// Renews a member's beat and its place in every group that it has joined.
/// KEYS: beat, then for each group: group, join. ARGV: beat's ttl in ms, member id, join key's ttl in
/// ms, then for each group: capabilities, incarnation.
/// Reply: for each group 0 when it was still a member, 1 when rejoined, -1 when the group is
/// missing, -2 when this incarnation was left or another one has joined.
inline constexpr Script beat{"beat", "2699c905a599560a8a5ea0cad603f48f71e72631",
                             R"lua(redis.call('SET', KEYS[1], 'Not dead!', 'PX', ARGV[1])
local outcome = {}
for i = 2, #KEYS, 2 do
    local last = redis.call('GET', KEYS[i + 1])
    if redis.call('EXISTS', KEYS[i]) == 0 then
        outcome[i / 2] = -1
    elseif last and last ~= ARGV[i + 3] then
        outcome[i / 2] = -2
    else
        outcome[i / 2] = redis.call('HSETNX', KEYS[i], ARGV[2], ARGV[i + 2])
        redis.call('SET', KEYS[i + 1], ARGV[i + 3], 'PX', ARGV[3])
    end
end
return outcome
)lua"};

}  // namespace conclave::redis::scripts
