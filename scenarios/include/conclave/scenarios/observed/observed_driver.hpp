#pragma once

// A driver that tells a CallLog what it is asked and what it answers.

#include <memory>

#include "conclave/driver.hpp"
#include "conclave/environment.hpp"
#include "conclave/scenarios/observed/call_log.hpp"

namespace conclave::scenarios {

/// `membership_timeout`: how long the backend keeps a member that does not renew itself. `runtime`,
/// whose the driver is, and `log` outlive it.
std::unique_ptr<Driver> observe(const Runtime& runtime, std::unique_ptr<Driver> driver,
                                const std::string& member, Duration membership_timeout,
                                const Incarnation& who, CallLog& log);

}  // namespace conclave::scenarios
