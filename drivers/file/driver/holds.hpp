#pragma once

// The locks that this driver holds: record locks of the operating system, which end with the process
// and never by time. Used by locks and elections alike.

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "conclave/driver.hpp"
#include "conclave/environment.hpp"
#include "folder.hpp"
#include "names.hpp"

namespace conclave::file {

/// Where one lock lives, and how it is taken.
struct LockFiles {
    std::string lock;   ///< the file that is locked
    std::string fence;  ///< its counter
    LockSharing sharing = LockSharing::exclusive;
};

class Holds {
public:
    Holds(Runtime& runtime, const Names& names, std::string member_id);

    /// One attempt; the owner of a hold gets it again. Nothing is granted to one alone before the
    /// next token is on the disk; those who share get the token of the last one that was alone, 0
    /// when nobody was. Errors besides the file system's: no effect - SerializationError, the
    /// counter is damaged.
    std::optional<Lease> try_acquire(const std::string& name, const std::string& owner,
                                     const LockFiles& files, Deadline deadline);
    /// Whether `lease` is held and its file is still where others look for it; a hold whose file is
    /// gone is dropped.
    bool is_held(const Lease& lease, const std::string& path, Deadline deadline);
    /// False when it was not held any more.
    bool release(const Lease& lease, const std::string& path, Deadline deadline);
    /// Ends every hold; bounded by `deadline`.
    void release_all(Deadline deadline);

    /// A new name for a file that is being written.
    std::string temporary();

private:
    struct Held {
        std::string owner;
        LockSharing sharing;
        std::uint64_t token;
        std::unique_ptr<FileLock> lock;
    };
    std::shared_ptr<Held> find(const std::string& path, const std::string& owner) const;
    bool excludes(const LockFiles& files) const;
    std::uint64_t take_token(Folder& folder, const LockFiles& files) const;
    void forget(const std::string& path, const std::shared_ptr<Held>& held);

    Runtime& runtime_;
    const Names& names_;
    const std::string member_id_;
    const std::string instance_;
    std::uint64_t temporaries_ = 0;
    std::multimap<std::string, std::shared_ptr<Held>> held_;  ///< by path
};

}  // namespace conclave::file
