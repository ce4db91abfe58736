#pragma once

// The drivers of this library. Applications pass the registry to connect().

#include "conclave/registry.hpp"

namespace conclave {

/// Every driver under its URL schemes: redis, rediss.
DriverRegistry all_drivers();

}  // namespace conclave
