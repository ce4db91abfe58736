#pragma once

// Files: the door to a file system, and no more of it than a driver needs. Part of environment.hpp.
// Paths are absolute. Single-threaded per Runtime. Three rules hold for every operation:
//
// - It parks, also for a fast disk. One whose deadline has passed, or whose group is cancelled,
//   before it began has no effect. One that has begun is never taken back: timed_out and cancelled
//   then say that the caller stopped waiting, with unknown effect.
// - The operations of one Runtime happen one after the other, in the order of the calls, those that
//   nobody waits for included. A disk that hangs therefore holds up all of them, and nothing else.
// - A failure names the path and the system's words in `detail`.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "conclave/error.hpp"
#include "conclave/time.hpp"

namespace conclave {

enum class FileStatus : std::uint8_t {
    ok,
    not_found,     ///< no such file, or a folder on its way is missing
    not_a_folder,  ///< a file stands where a folder should
    is_a_folder,   ///< the reverse
    not_empty,     ///< of a folder that was to be removed
    locked,        ///< somebody else holds the lock
    denied,        ///< permissions, or a file system that is read-only
    no_space,      ///< disk or quota full; what was there before is there still
    too_large,     ///< a file of more than file_bytes_max
    timed_out,     ///< the deadline passed first
    cancelled,     ///< the calling fiber's task group was cancelled
    failed,        ///< any other error of the operating system
};
std::string_view to_string(FileStatus status) noexcept;

/// Larger files are not read: whoever can write to the folder must not cost us unbounded memory.
inline constexpr std::size_t file_bytes_max = std::size_t{16} << 20;

/// Who else may hold a lock at the same time.
enum class LockSharing : std::uint8_t {
    exclusive,  ///< nobody
    shared,     ///< everybody else who shares it
};

/// How an operation ended; `effect` is meant when it failed.
struct FileOutcome {
    FileStatus status = FileStatus::ok;
    Effect effect = Effect::none;
    std::string detail = {};
    bool ok() const noexcept { return status == FileStatus::ok; }
};

struct FileRead {
    FileOutcome outcome;
    std::string content;  ///< whole, as of one instant
    WallTime modified;    ///< of the same file, too large or not, by the clock of its file system
};

struct FileList {
    FileOutcome outcome;
    std::vector<std::string> names;  ///< sorted, without "." and ".."
};

/// A lock on one whole file. It ends with release(), with its destruction and with the process,
/// whichever comes first; nothing else that this process does with the file ends it.
class FileLock {
public:
    /// Gives it up without waiting; never parks. Later operations of the Runtime come after that.
    virtual ~FileLock() = default;
    /// Whether the path still leads to the file that is locked: not_found when it was removed or
    /// replaced, and so excludes nobody any more.
    virtual FileOutcome check(Deadline deadline) = 0;
    /// Gives it up and waits until others can have it. Idempotent.
    virtual FileOutcome release(Deadline deadline) = 0;
};

struct FileLocked {
    FileOutcome outcome;
    std::unique_ptr<FileLock> lock;  ///< set exactly when the outcome is ok
};

class Files {
public:
    virtual ~Files() = default;
    virtual FileRead read(const std::string& path, Deadline deadline) = 0;
    /// Makes `path` a file with `content`, at once and for good: written to `temporary` in the same
    /// file system, synced, renamed, and the folder of `path` synced. Readers see the old file or the
    /// new one, also after a power loss. A failure may leave `temporary` behind.
    /// Errors besides the system's: unknown effect - renamed, but perhaps not there after a power
    /// loss.
    virtual FileOutcome replace(const std::string& path, const std::string& temporary,
                                std::string_view content, Deadline deadline) = 0;
    /// Dates the file now, by the clock of its file system.
    virtual FileOutcome touch(const std::string& path, Deadline deadline) = 0;
    virtual FileList list(const std::string& folder, Deadline deadline) = 0;
    /// Removes a file or an empty folder, for good.
    virtual FileOutcome remove(const std::string& path, Deadline deadline) = 0;
    /// Makes a folder and those on its way, for good; ok when it is there already.
    virtual FileOutcome make_folders(const std::string& path, Deadline deadline) = 0;
    /// Tries once to lock the file `path`, which is made when it is not there. Locks of this kind
    /// exclude each other within one process too, but for those that are shared, and POSIX record
    /// locks (fcntl F_SETLK, lockf) of other processes; flock() they do not.
    virtual FileLocked try_lock(const std::string& path, LockSharing sharing,
                                Deadline deadline) = 0;
    /// Tells whether the file `path` is locked, and locks nothing: `locked` when somebody's lock
    /// would keep try_lock() from succeeding, this process's own ones included.
    virtual FileOutcome look_at_lock(const std::string& path, Deadline deadline) = 0;
};

}  // namespace conclave
