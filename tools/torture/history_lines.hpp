#pragma once

// Calls in the history format of `conclave check` (docs/history-format.md).

#include <ostream>

#include "conclave/properties/calls.hpp"

namespace conclave::torture {

/// Writes every call and partition, one JSON object a line.
void write_history(const properties::Calls& calls, std::ostream& out);

}  // namespace conclave::torture
