#pragma once

// Which drivers the contract is asked of.

#include "conclave/registry.hpp"

namespace conclave::contract {

/// Those of the product, until somebody puts others in their place.
DriverRegistry& drivers_under_test();

}  // namespace conclave::contract
