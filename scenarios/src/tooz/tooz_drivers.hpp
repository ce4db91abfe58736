#pragma once

// Drivers that follow tooz's own algorithms, so that the same scenarios show what was wrong there
// and is right here. For the simulator only: nobody else gets them.

#include "conclave/registry.hpp"

namespace conclave::tooz {

/// What makes the scheme of a driver's URL that of tooz's.
inline constexpr const char* scheme_prefix = "tooz-";

/// Adds the schemes `tooz-redis` and `tooz-file`, for the processes of one world.
void add_drivers(DriverRegistry& registry);

}  // namespace conclave::tooz
