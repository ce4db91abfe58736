#pragma once

#include <string>

#include "conclave/time.hpp"

namespace conclave::redis {

/// A time-out as Redis takes it.
inline std::string milliseconds(Duration length) {
    return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(length).count());
}

}  // namespace conclave::redis
