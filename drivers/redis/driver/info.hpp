#pragma once

// The reply to INFO, taken apart. Pure.

#include <string_view>

namespace conclave::redis {

/// The value of `field:value` in the reply to INFO; empty when absent.
std::string_view info_field(std::string_view info, std::string_view field);

}  // namespace conclave::redis
