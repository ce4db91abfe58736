#pragma once

// Checks that a reply has the expected shape. A server that answers otherwise is not the one that
// this driver knows, so that what it did is unknown.

#include <string>
#include <string_view>
#include <vector>

#include "conclave/codec/resp.hpp"

namespace conclave::redis {

/// Each throws Error (unknown) naming `asked`, what came and what was expected.
std::int64_t integer_of(const resp::Reply& reply, std::string_view asked);
const std::vector<resp::Reply>& array_of(const resp::Reply& reply, std::string_view asked);
const std::string& text_of(const resp::Reply& reply, std::string_view asked);
[[noreturn]] void unexpected(const resp::Reply& reply, std::string_view asked,
                             std::string_view expected);

}  // namespace conclave::redis
