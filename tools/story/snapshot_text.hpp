#pragma once

// How a run that was cut off stands, for people.

#include <string>

#include "conclave/scenarios/snapshot.hpp"

namespace conclave::tool {

/// Some lines under headings; a heading with nothing below it says "none".
std::string to_text(const scenarios::Snapshot& snapshot);

}  // namespace conclave::tool
