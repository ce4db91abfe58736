#pragma once

// The Lua scripts of the Redis driver, and their SHA-1. A header of its own: the simulated server
// recognises them by these digests. Each is one atomic step; inside a script Redis's time stands
// still, so that a key cannot expire between two lines.

#include <array>
#include <string_view>

namespace conclave::drivers::redis {

struct Script {
    std::string_view name;
    std::string_view sha1;  ///< of `text`, 40 lower-case hex digits
    std::string_view text;
};

namespace scripts {

/// Takes the lock for ARGV[1], or recognises that ARGV[1] holds it already: the reply to an
/// earlier attempt may have been lost. KEYS: lock, fencing counter. ARGV: owner, ttl in ms.
/// Replies the counter's value, or nil when another owner holds the lock.
inline constexpr Script acquire{"acquire", "bc6f60a51cda8cf5f59fbc7d2f3f923be572f959",
    R"lua(local holder = redis.call('get', KEYS[1])
if holder == ARGV[1] then
  redis.call('pexpire', KEYS[1], ARGV[2])
  return tonumber(redis.call('get', KEYS[2]) or '0')
end
if holder then return nil end
redis.call('set', KEYS[1], ARGV[1], 'px', ARGV[2])
return redis.call('incr', KEYS[2])
)lua"};

/// Extends the lease. KEYS: lock. ARGV: owner, ttl in ms. Replies 1, or 0 when it is not ours.
inline constexpr Script renew{"renew", "8dc1f5e47c51534be7db40e44c0f599f6a477f74",
    R"lua(if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('pexpire', KEYS[1], ARGV[2])
)lua"};

/// Gives the lock up. KEYS: lock. ARGV: owner. Replies 1, or 0 when it is not ours.
inline constexpr Script release{"release", "a4531ced16624ae8c7f85b8074174d90ed321267",
    R"lua(if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('del', KEYS[1])
)lua"};

/// As acquire, and leaves the leader's id beside the lock, bound to its owner so that it cannot
/// speak for a later leader. KEYS: lock, fencing counter, leader. ARGV: owner, ttl in ms, member id.
inline constexpr Script lead{"lead", "8c42bbedb1511088a8ae2011307875ed31340f86",
    R"lua(local holder = redis.call('get', KEYS[1])
if holder and holder ~= ARGV[1] then return nil end
redis.call('set', KEYS[1], ARGV[1], 'px', ARGV[2])
redis.call('set', KEYS[3], ARGV[1] .. ':' .. ARGV[3], 'px', ARGV[2])
if holder then return tonumber(redis.call('get', KEYS[2]) or '0') end
return redis.call('incr', KEYS[2])
)lua"};

/// KEYS: lock, leader. ARGV: owner, ttl in ms. Replies 1, or 0 when it is not ours.
inline constexpr Script renew_leadership{"renew_leadership", "99384cf7fa83be8f09cbb12d456dac176bdb7630",
    R"lua(if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('pexpire', KEYS[2], ARGV[2])
return redis.call('pexpire', KEYS[1], ARGV[2])
)lua"};

/// KEYS: lock, leader. ARGV: owner. Replies 1, or 0 when it is not ours.
inline constexpr Script resign{"resign", "85549cdc93d2b808361186fc0c2fb53741b8af6d",
    R"lua(if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('del', KEYS[2])
return redis.call('del', KEYS[1])
)lua"};

/// KEYS: group hash, set of all groups. ARGV: group. Replies 1, or 0 when it exists.
inline constexpr Script create_group{"create_group", "b7674a6ff1dc4edc2c8fedcedb45a71acb4e6a3a",
    R"lua(if redis.call('exists', KEYS[1]) == 1 then return 0 end
redis.call('sadd', KEYS[2], ARGV[1])
redis.call('hset', KEYS[1], '__created__', '1')
return 1
)lua"};

/// KEYS: group hash, set of all groups. ARGV: group.
/// Replies 1, -1 when it does not exist, -3 when it has members.
inline constexpr Script delete_group{"delete_group", "12f9ee83854857a3ef7c19ed37a287b780ef841f",
    R"lua(if redis.call('exists', KEYS[1]) == 0 then return -1 end
if redis.call('hlen', KEYS[1]) > 1 then return -3 end
redis.call('srem', KEYS[2], ARGV[1])
redis.call('del', KEYS[1])
return 1
)lua"};

/// Adds a member with its beat, and never overwrites one that is there.
/// KEYS: group hash, beat. ARGV: member, capabilities, beat ttl in ms.
/// Replies 1, -1 when the group does not exist, -2 when the member is there.
inline constexpr Script join_group{"join_group", "158b6d503575a69aa3c6b4f15ff50a461e96b875",
    R"lua(if redis.call('exists', KEYS[1]) == 0 then return -1 end
if redis.call('hsetnx', KEYS[1], ARGV[1], ARGV[2]) == 0 then return -2 end
redis.call('set', KEYS[2], 'Not dead!', 'px', ARGV[3])
return 1
)lua"};

/// KEYS: group hash. ARGV: member. Replies 1, -1 when the group does not exist, -2 when the
/// member is not there.
inline constexpr Script leave_group{"leave_group", "703463e1d620faaeefd5e3a9a168a109122b6946",
    R"lua(if redis.call('exists', KEYS[1]) == 0 then return -1 end
if redis.call('hdel', KEYS[1], ARGV[1]) == 0 then return -2 end
return 1
)lua"};

/// Reads the members and evicts those without a beat, in one step: a beat that arrives in
/// between cannot be overlooked. KEYS: group hash. ARGV: prefix of beat keys, own member id (never
/// evicted). Replies a flat list of members and their capabilities, or nil without the group.
inline constexpr Script members{"members", "a6b913cad6445335f23d5a9c09f391ee60efae7a",
    R"lua(local fields = redis.call('hgetall', KEYS[1])
if #fields == 0 then return nil end
local alive = {}
for i = 1, #fields, 2 do
  local member = fields[i]
  if member ~= '__created__' then
    if member == ARGV[2] or redis.call('exists', ARGV[1] .. member) == 1 then
      alive[#alive + 1] = member
      alive[#alive + 1] = fields[i + 1]
    else
      redis.call('hdel', KEYS[1], member)
    end
  end
end
return alive
)lua"};

/// KEYS: group hash. ARGV: member. Replies the capabilities, -1 without the group, -2 without
/// the member.
inline constexpr Script capabilities{"capabilities", "793dc7d9c2fb7d3a8e43263742edafae2602534a",
    R"lua(if redis.call('exists', KEYS[1]) == 0 then return -1 end
return redis.call('hget', KEYS[1], ARGV[1]) or -2
)lua"};

/// KEYS: group hash. ARGV: member, capabilities. Replies 1, -1, -2 as join and leave do.
inline constexpr Script update_capabilities{"update_capabilities", "66f948496112319cb675dd480916e3232989a95e",
    R"lua(if redis.call('exists', KEYS[1]) == 0 then return -1 end
if redis.call('hexists', KEYS[1], ARGV[1]) == 0 then return -2 end
redis.call('hset', KEYS[1], ARGV[1], ARGV[2])
return 1
)lua"};

/// Puts a live member back that was evicted. KEYS: group hash. ARGV: member, capabilities.
/// Replies 1 when it was put back, 0 when it was there, -1 when the group does not exist.
inline constexpr Script rejoin_group{"rejoin_group", "931926167d4e0427eebd09a3cb25d2e575124e16",
    R"lua(if redis.call('exists', KEYS[1]) == 0 then return -1 end
return redis.call('hsetnx', KEYS[1], ARGV[1], ARGV[2])
)lua"};

inline constexpr std::array<Script, 14> all = {
    acquire,
    renew,
    release,
    lead,
    renew_leadership,
    resign,
    create_group,
    delete_group,
    join_group,
    leave_group,
    members,
    capabilities,
    update_capabilities,
    rejoin_group};

}  // namespace scripts
}  // namespace conclave::drivers::redis
