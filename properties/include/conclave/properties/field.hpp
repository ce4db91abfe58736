#pragma once

// The parts of a History that only failures of the field are judged by. Plain values; times as in
// history.hpp.

#include <cstdint>
#include <string>
#include <vector>

namespace conclave::properties {

/// How a member of a group shared objects out, at one look. Without a fingerprint it was no member.
struct RingView {
    std::string client;
    std::string group;
    std::string fingerprint;
    std::vector<std::string> owners;  ///< of the same objects for every client; may be empty texts
    std::int64_t at_ns = 0;
};

/// A request for a lock as it arrived at the server, of somebody who did not hold it.
struct Ask {
    std::string object;
    std::string owner;  ///< one acquisition
    std::int64_t at_ns = 0;
};

}  // namespace conclave::properties
