#pragma once

// What Redis says to a command that it does not know or does not accept.

#include <string>
#include <string_view>

#include "engine/engine.hpp"

namespace conclave::servers::redis {

/// For a command of the real server that the model has not, "ERR unsupported by the model".
std::string unknown_command(Arguments arguments);
std::string unknown_subcommand(const Command& container, std::string_view name);

// The same where the real one does not know it either.
std::string unknown_to_redis(Arguments arguments);
std::string unknown_subcommand_of(std::string_view container, std::string_view name);

/// `command` in lower case; a subcommand as "client|id".
std::string wrong_number_of_arguments(std::string_view command);
/// To a RESP2 client that has subscriptions.
std::string only_for_subscribers(std::string_view command);

}  // namespace conclave::servers::redis
