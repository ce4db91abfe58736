#pragma once

// Redis names a script by the SHA-1 of its text.

#include "conclave/codec/sha1.hpp"

namespace conclave::servers::redis {

using ScriptHash = digest::Digits;
using digest::sha1;

}  // namespace conclave::servers::redis
