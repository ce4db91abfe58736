#pragma once

// The fencing counter of one lock: a file of its own beside the lock, read and written only by who
// holds the lock, and on the disk before anybody is told of a new token. It also names the holder,
// which is how the leader of a group is known.

#include <cstdint>
#include <string>

#include "folder.hpp"

namespace conclave::file {

struct Fence {
    std::uint64_t token = 0;
    std::string member_id;
};

/// Zero and nobody when there is no such file yet. Errors besides the file system's: no effect -
/// SerializationError naming a file that is damaged: to begin anew would grant tokens twice.
Fence read_fence(Folder& folder, const std::string& path);
void write_fence(Folder& folder, const std::string& path, const Fence& fence);

}  // namespace conclave::file
