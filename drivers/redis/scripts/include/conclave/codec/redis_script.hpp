#pragma once

// One Lua script of the Redis driver. Plain value.

#include <string_view>

namespace conclave::redis::scripts {

struct Script {
    std::string_view name;
    std::string_view sha1;  ///< of `body`, 40 lower-case hex digits: the argument of EVALSHA
    std::string_view body;
};

}  // namespace conclave::redis::scripts
