#pragma once

// Waits that differ, so that waiters do not come back in step.

#include <cstdint>

#include "conclave/environment.hpp"

namespace conclave {

/// A length drawn from [half of `whole`, `whole`].
inline Duration jittered(Random& random, Duration whole) {
    const auto half = static_cast<std::uint64_t>(whole.count() / 2);
    return Duration(static_cast<std::int64_t>(half + random.next() % (half + 1)));
}

}  // namespace conclave
