#pragma once

// Texts that are never drawn twice: owners of locks, incarnations of members.

#include <cstdint>
#include <string>

#include "conclave/environment.hpp"

namespace conclave {

/// 16 lower-case hex digits: the greater the number, the greater the text.
std::string hex_text(std::uint64_t number);

/// 128 random bits as 32 lower-case hex digits.
std::string unique_text(Random& random);

}  // namespace conclave
