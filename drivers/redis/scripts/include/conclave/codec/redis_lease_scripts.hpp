#pragma once

// The scripts of locks and leaders.

#include "conclave/codec/redis_script.hpp"

namespace conclave::redis::scripts {

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

}  // namespace conclave::redis::scripts
