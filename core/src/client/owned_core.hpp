#pragma once

// A client that owns its runtime.

#include <memory>
#include <string>
#include <vector>

#include "conclave/client.hpp"

namespace conclave::detail {

/// A core that is not started. Whoever drops the last reference stops it, within the operation
/// timeout, and ends the runtime.
std::shared_ptr<ClientCore> own(std::unique_ptr<OwnedRuntime> runtime,
                                const DriverFactory& make_driver, const std::string& member_id,
                                const std::vector<Requirement>& requirements, ClientTimes times);

}  // namespace conclave::detail
