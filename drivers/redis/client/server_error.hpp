#pragma once

// What an error reply means. Source: Redis 7.0 server.c (shared objects), script.c, sentinel.c.

#include <string>
#include <string_view>

#include "failure.hpp"

namespace conclave::redis {

/// What was asked when the server answered with an error.
enum class Asked : std::uint8_t {
    command,  ///< one command: an error means that nothing was done
    script,   ///< several: an error that the script itself hit leaves its earlier writes
};

/// Turns the text of an error reply into a failure with a clear message.
Failure failure_of(std::string_view error, Asked asked);
/// Whether the script has to be sent whole.
bool is_unknown_script(std::string_view error) noexcept;

}  // namespace conclave::redis
