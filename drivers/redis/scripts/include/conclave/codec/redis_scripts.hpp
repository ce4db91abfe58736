#pragma once

// The Lua scripts of the Redis driver: each is one atomic step. They are public so that a server
// that cannot run Lua, such as the simulated one, recognises them by their SHA-1. A script whose
// text changes is another script: servers and drivers of both versions then meet.

#include <array>
#include <string_view>

namespace conclave::redis::scripts {

struct Script {
    std::string_view name;
    std::string_view sha1;  ///< of `body`, 40 lower-case hex digits: the argument of EVALSHA
    std::string_view body;
};

/// Takes a lock for one owner, or takes it again: an owner whose reply was lost asks with the same
/// owner text and is recognised. The counter only grows, also when the lock is taken again.
/// KEYS: lock, counter[, leader]. ARGV: owner, ttl in ms[, member id].
/// Reply: 0 when another owner holds the lock, otherwise the counter, 1 or more.
inline constexpr Script acquire{"acquire", "5fc7bcb90151c31d79e57ab556cb5dfc5f539cfe",
                                R"lua(local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
local token = redis.call('INCR', KEYS[2])
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
if KEYS[3] then redis.call('SET', KEYS[3], ARGV[1] .. ' ' .. ARGV[3], 'PX', ARGV[2]) end
return token
)lua"};

/// Extends a lock that is still the owner's.
/// KEYS: lock[, leader]. ARGV: owner, ttl in ms[, member id]. Reply: 1, or 0 when not the owner's.
inline constexpr Script renew{"renew", "ce032d23c4f65407c9a9f6576adefd072d9c1244",
                              R"lua(if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
if KEYS[2] then redis.call('SET', KEYS[2], ARGV[1] .. ' ' .. ARGV[3], 'PX', ARGV[2]) end
return 1
)lua"};

/// Removes a lock that is still the owner's, and its leader key.
/// KEYS: lock[, leader]. ARGV: owner. Reply: 1, or 0 when not the owner's.
inline constexpr Script release{"release", "69d30df12bd01c8ba474f0d7e5c5f697a490a870",
                                R"lua(if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', unpack(KEYS))
return 1
)lua"};

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

/// Adds a member with its beat; an existing member keeps its capabilities.
/// KEYS: group, beat. ARGV: member id, capabilities, beat's ttl in ms.
/// Reply: 1, -1 when the group is missing, 0 when the member is there already.
inline constexpr Script join_group{"join_group", "c2a4b4f4feaa5ae1a0302bb44fbb18fa78543b85",
                                   R"lua(if redis.call('EXISTS', KEYS[1]) == 0 then return -1 end
if redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2]) == 0 then return 0 end
redis.call('SET', KEYS[2], 'Not dead!', 'PX', ARGV[3])
return 1
)lua"};

/// KEYS: group. ARGV: member id. Reply: 1, -1 when the group is missing, 0 when no such member.
inline constexpr Script leave_group{"leave_group", "72de6437837f66aced0750be6354d375511934b5",
                                    R"lua(if redis.call('EXISTS', KEYS[1]) == 0 then return -1 end
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

/// KEYS: group. ARGV: member id, capabilities.
/// Reply: 1, -1 when the group is missing, 0 when no such member.
inline constexpr Script update_capabilities{
    "update_capabilities", "dabaf1855ec6e618edc1398cdb192561ca2e6ff7",
    R"lua(if redis.call('EXISTS', KEYS[1]) == 0 then return -1 end
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 1
)lua"};

/// Renews a member's beat and its place in every group that it has joined.
/// KEYS: beat, groups... ARGV: beat's ttl in ms, member id, capabilities for each group.
/// Reply: for each group 0 when it was still a member, 1 when rejoined, -1 when the group is
/// missing.
inline constexpr Script beat{"beat", "f4bd069c4c27f7f97e354afd52ebbd975cd97355",
                             R"lua(redis.call('SET', KEYS[1], 'Not dead!', 'PX', ARGV[1])
local outcome = {}
for i = 2, #KEYS do
    if redis.call('EXISTS', KEYS[i]) == 0 then
        outcome[i - 1] = -1
    else
        outcome[i - 1] = redis.call('HSETNX', KEYS[i], ARGV[2], ARGV[i + 1])
    end
end
return outcome
)lua"};

/// Every script, for whoever has to recognise them.
inline constexpr std::array all{
    acquire,     renew,       release,          create_group,        delete_group, join_group,
    leave_group, get_members, get_capabilities, update_capabilities, beat};

}  // namespace conclave::redis::scripts
