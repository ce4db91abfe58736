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

/// Adds a member with its beat. A join is one incarnation of the member, and the join key says which:
/// its text, or '-' and its text once it was left. A request that was delayed past the end of its own
/// incarnation therefore does nothing. The first 32 bytes of an incarnation name the process, and so
/// does a beat of ours, while tooz writes 'Not dead!': what a process left behind when it died is
/// taken over by the next one of its member id, and only once its beat has lapsed.
/// Who says '1' replaces what its own joins and leaves of unknown outcome have left there.
/// KEYS: group, beat, join. ARGV: member id, capabilities, beat's ttl in ms, incarnation, join key's
/// ttl in ms, process, '1' or ''.
/// Reply: 1, 2 when this incarnation has joined before, -1 when the group is missing, 0 when this
/// process has joined already or since, another one with the member id lives, or this incarnation was
/// left.
inline constexpr Script join_group{"join_group", "2ba0b4426a0e5f49e589f0c9af9edf0fad98f44a",
                                   R"lua(if redis.call('EXISTS', KEYS[1]) == 0 then return -1 end
local last = redis.call('GET', KEYS[3])
if last == '-' .. ARGV[4] then return 0 end
local latest = last and string.match(last, '[%x+]+') or ''
if string.sub(latest, 1, 32) == ARGV[6] and ARGV[4] < latest then return 0 end
local beat = redis.call('GET', KEYS[2])
if beat and beat ~= ARGV[6] and beat ~= 'Not dead!' then return 0 end
if last ~= ARGV[4] and redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1 then
    local own = last and string.sub(last, 1, 32) == ARGV[6]
    if beat == 'Not dead!' or own and ARGV[7] ~= '1' then return 0 end
    redis.call('HDEL', KEYS[1], ARGV[1])
end
local added = redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2])
redis.call('SET', KEYS[2], ARGV[6], 'PX', ARGV[3])
redis.call('SET', KEYS[3], ARGV[4], 'PX', ARGV[5])
return 2 - added
)lua"};

/// Removes one incarnation of a member, and remembers that it was left.
/// KEYS: group, join. ARGV: member id, incarnation, join key's ttl in ms.
/// Reply: 1, 2 when this incarnation was left before, -1 when the group is missing, 0 when no such
/// member or another incarnation of it.
inline constexpr Script leave_group{"leave_group", "fefe9fac5c031057f317086380f8a523975b74de",
                                    R"lua(if redis.call('EXISTS', KEYS[1]) == 0 then return -1 end
local last = redis.call('GET', KEYS[2])
if last == '-' .. ARGV[2] then return 2 end
if last and string.match(last, '^%x+') ~= ARGV[2] then return 0 end
redis.call('SET', KEYS[2], '-' .. ARGV[2], 'PX', ARGV[3])
return redis.call('HDEL', KEYS[1], ARGV[1])
)lua"};

/// Reads the members and removes, in the same step, those without a beat of the process that joined,
/// or of tooz; never what the asking process joined.
/// KEYS: group. ARGV: prefix of beat keys, prefix of the group's join keys, the asker's member id, its
/// process.
/// Reply: member id, capabilities, member id, ...; -1 when the group is missing.
inline constexpr Script get_members{"get_members", "f9de1c4e8a4a30c08232bc9657b08b5af8b96535",
                                    R"lua(if redis.call('EXISTS', KEYS[1]) == 0 then return -1 end
local fields = redis.call('HGETALL', KEYS[1])
local present = {}
for i = 1, #fields, 2 do
    local member = fields[i]
    if member ~= '__created__' then
        local beat = redis.call('GET', ARGV[1] .. member)
        local join = redis.call('GET', ARGV[2] .. member)
        local process = join and string.sub(join, 1, 32)
        local asker = member == ARGV[3] and process == ARGV[4]
        if asker or beat and (beat == process or beat == 'Not dead!') then
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

/// Numbers the update in the join key, behind the incarnation: "+" and 16 hex digits. One that was held
/// back past a later one does nothing.
/// KEYS: group, join. ARGV: member id, capabilities, incarnation, "+" and number, join key's ttl in ms.
/// Reply: 1, -1 when the group is missing, 0 when no such member or another incarnation of it.
inline constexpr Script update_capabilities{
    "update_capabilities", "69cb58cc06145c73a3f8f4ec5b458e51539e82a0",
    R"lua(if redis.call('EXISTS', KEYS[1]) == 0 then return -1 end
local last = redis.call('GET', KEYS[2])
if last and string.match(last, '^%x+') ~= ARGV[3] then return 0 end
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return 0 end
if last and last > ARGV[3] .. ARGV[4] then return 1 end
if last then redis.call('SET', KEYS[2], ARGV[3] .. ARGV[4], 'PX', ARGV[5]) end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 1
)lua"};

/// Renews a member's beat and its place in every group that it has joined; no beat without a group,
/// and none while another process of ours beats for the same member id.
/// KEYS: beat, then for each group: group, join. ARGV: beat's ttl in ms, member id, join key's ttl in
/// ms, process, then for each group: capabilities, and the incarnation with the number of the update
/// that set them. A beat that was held back past a later update does nothing in that group.
/// Reply: for each group 0 when it was still a member, 1 when rejoined, -1 when the group is
/// missing, -2 when this incarnation was left or another one has joined.
inline constexpr Script beat{"beat", "6fa19f6faf3713c871b6e7dbfa0ec3b99924c93e",
                             R"lua(local holder = redis.call('GET', KEYS[1])
local replaced = holder and holder ~= ARGV[4] and holder ~= 'Not dead!'
if KEYS[2] and not replaced then redis.call('SET', KEYS[1], ARGV[4], 'PX', ARGV[1]) end
local outcome = {}
for i = 2, #KEYS, 2 do
    local last = redis.call('GET', KEYS[i + 1])
    if redis.call('EXISTS', KEYS[i]) == 0 then
        outcome[i / 2] = -1
    elseif replaced or last and string.match(last, '^%x+') ~= string.match(ARGV[i + 4], '^%x+') then
        outcome[i / 2] = -2
    elseif last and last > ARGV[i + 4] then
        outcome[i / 2] = 0
    else
        outcome[i / 2] = redis.call('HSETNX', KEYS[i], ARGV[2], ARGV[i + 3])
        redis.call('SET', KEYS[i + 1], ARGV[i + 4], 'PX', ARGV[3])
    end
end
return outcome
)lua"};

}  // namespace conclave::redis::scripts
