#pragma once

#include "place.hpp"

namespace conclave::contract {

/// Runs `body` on a fiber of a production runtime and rethrows what it threw.
void run_asio_session(const std::string& url, const std::function<void(Session&)>& body);

}  // namespace conclave::contract
