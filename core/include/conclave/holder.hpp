#pragma once

// Who holds something, as far as a backend can tell. Plain values.

#include <cstdint>
#include <string>

#include "conclave/time.hpp"

namespace conclave {

/// Who leads a group.
struct Leader {
    enum class Known : std::uint8_t { nobody, member, foreign };
    Known known = Known::nobody;
    std::string member_id;  ///< set when known is member; a foreign peer led without leaving its id
};

/// Who holds a lock.
struct Holder {
    std::string owner;      ///< what the backend stores of this hold, and of no other; may be empty
    std::string member_id;  ///< empty where the backend keeps none
    std::uint64_t token = 0;  ///< the counter of the hold; a peer that keeps none leaves an old one
    Duration left = Duration::max();  ///< until it lapses unless renewed; max() when it does not
};

}  // namespace conclave
