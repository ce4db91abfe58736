#pragma once

// Name resolution. Numeric addresses are parsed on the spot; getaddrinfo() for a name may block for
// as long as the system's resolver likes, so it runs on a thread of its own that nobody waits for
// past the deadline.

#include <string>

#include "conclave/environment.hpp"

namespace conclave::detail {

class AsioScheduler;

/// Parks for a name, never for a numeric address.
Resolved resolve_host(AsioScheduler& scheduler, const std::string& host, Deadline deadline);

}  // namespace conclave::detail
