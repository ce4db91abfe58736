#pragma once

// Texts that are never drawn twice: owners of locks, incarnations of members.

#include <string>

#include "conclave/environment.hpp"

namespace conclave {

/// 128 random bits as 32 lower-case hex digits.
std::string unique_text(Random& random);

}  // namespace conclave
