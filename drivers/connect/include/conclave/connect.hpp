#pragma once

// How an application begins: a URL becomes a coordinator in the production world, over a runtime of
// its own. Safe from any thread but that runtime's.

#include <memory>
#include <set>
#include <string>

#include "conclave/coordinator.hpp"
#include "conclave/driver.hpp"
#include "conclave/url.hpp"

namespace conclave {

struct GetCoordinatorOptions {
    Options driver = {};                            ///< win over the URL's query
    std::set<Characteristic> characteristics = {};  ///< the driver must claim every one of them
    CoordinatorOptions coordinator = {};
};

/// A coordinator of `member_id` at the backend that `url` names, with one thread of its own; not
/// started, nothing connects yet.
///
/// The last owner stops it when it is still started, within the operation timeout, and ends the
/// thread. It must be an ordinary thread, and every Lock taken from the coordinator gone before.
///
/// Blocks:  while the thread starts.
/// Errors:  no effect - BadOption for a malformed URL, an unknown scheme (the known are listed)
///          or a bad option; DriverChosenPoorly naming the characteristics missing, requested and
///          available; std::system_error when the machine has no room for a thread
/// Source:  tooz coordination.get_coordinator
std::shared_ptr<Coordinator> get_coordinator(const std::string& url, const std::string& member_id,
                                             const GetCoordinatorOptions& options = {});

}  // namespace conclave
