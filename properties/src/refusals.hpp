#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "conclave/properties/calls.hpp"

namespace conclave::properties {

/// Which of the calls numbered `which` are refused acquires that overlapped another acquire of the
/// same object: a queue lock may refuse one of those though nobody holds it. O(n log n).
std::vector<bool> excused_refusals(const Calls& history, std::span<const std::uint32_t> which);

}  // namespace conclave::properties
