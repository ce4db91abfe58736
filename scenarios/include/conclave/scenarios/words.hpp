#pragma once

// How operations are told, in counterexamples and wherever a run is shown.

#include <cstddef>
#include <string>

#include "conclave/properties/history.hpp"

namespace conclave::scenarios {

/// At most `bytes` of it, which are 3 or more, with dots for the rest.
std::string shortened(const std::string& text, std::size_t bytes);

/// "c1 acquire object-0"
std::string call_text(const properties::Operation& operation);

/// "c1 acquire object-0 -> token 7", "... -> unknown: ...", with at most so many bytes of the result.
std::string return_text(const properties::Operation& operation,
                        std::size_t result_bytes_max = std::string::npos);

}  // namespace conclave::scenarios
