#pragma once

// The folder as one operation of the driver sees it: Files under one deadline, with exceptions
// instead of outcomes. Once the operation has changed something, every later failure leaves its
// effect unknown. On the fibers of its runtime only.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "conclave/environment.hpp"

namespace conclave::file {

/// Throws what `outcome`, which is not ok, means to a caller: OperationTimedOut, Cancelled,
/// AccessDenied, ConnectionError when the file system itself fails, else Error.
[[noreturn]] void throw_outcome(const FileOutcome& outcome, Effect effect);

class Folder {
public:
    /// `temporary` is where files are written before they get their names.
    Folder(Files& files, std::string temporary, Deadline deadline)
        : files_(files), temporary_(std::move(temporary)), deadline_(deadline) {}

    Deadline deadline() const noexcept { return deadline_; }
    std::optional<FileRead> read(const std::string& path);  ///< nullopt: there is none
    /// The same; one that is larger than any driver writes has no content here.
    std::optional<FileRead> read_if_small(const std::string& path);
    std::vector<std::string> list(const std::string& path);  ///< empty also when there is none
    void replace(const std::string& path, const std::string& content);
    bool touch(const std::string& path);   ///< false: there is none
    bool remove(const std::string& path);  ///< false: there was none
    void make_folders(const std::string& path);
    bool is_locked(const std::string& path);  ///< false also when there is no such file
    /// Null: locked by another.
    std::unique_ptr<FileLock> try_lock(const std::string& path,
                                       LockSharing sharing = LockSharing::exclusive);

private:
    /// True when `outcome` is ok, false when there is no such file; throws otherwise.
    bool found(const FileOutcome& outcome) const;
    void require(const FileOutcome& outcome) const;

    Files& files_;
    const std::string temporary_;
    const Deadline deadline_;
    bool changed_ = false;
};

}  // namespace conclave::file
