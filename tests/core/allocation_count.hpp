#pragma once

// How often operator new ran in this program: counted by its replacement in the .cpp file.

#include <cstdint>

namespace conclave::testing {

std::uint64_t allocation_count() noexcept;

}  // namespace conclave::testing
