#pragma once

// What Redis says to a command that it does not know.

#include <string>
#include <string_view>

#include "engine/engine.hpp"

namespace conclave::servers::redis {

std::string unknown_command(Arguments arguments);
std::string unknown_subcommand(const Command& container, std::string_view name);

}  // namespace conclave::servers::redis
