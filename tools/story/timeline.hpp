#pragma once

// A run as text: what each client and each server did around one moment.

#include <string>

#include "focus.hpp"

namespace conclave::tool {

/// The faults that were active, then for each lane at most 14 lines, those nearest to the violation, and
/// how many are left out. Lanes with nothing to tell are named in one line.
std::string timeline_text(const scenarios::Account& account, const Focus& focus);

}  // namespace conclave::tool
