#pragma once

// The Lua scripts of the Redis driver: each is one atomic step. They are public so that a server
// that cannot run Lua, such as the simulated one, recognises them by their SHA-1. A script whose
// text changes is another script: servers and drivers of both versions then meet.

#include <array>

#include "conclave/codec/redis_group_scripts.hpp"
#include "conclave/codec/redis_lease_scripts.hpp"
#include "conclave/codec/redis_told_scripts.hpp"

namespace conclave::redis::scripts {

/// Every script, for whoever has to recognise them.
inline constexpr std::array all{
    acquire,     renew,       release,          create_group,        delete_group, join_group,
    leave_group, get_members, get_capabilities, update_capabilities, beat,
    // With push=on.
    release_told,    break_told,       delete_group_told,        join_group_told,
    leave_group_told, get_members_told, update_capabilities_told, beat_told};

}  // namespace conclave::redis::scripts
