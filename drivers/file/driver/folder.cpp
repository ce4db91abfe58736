#include "folder.hpp"

#include "conclave/error.hpp"

namespace conclave::file {

void throw_outcome(const FileOutcome& outcome, Effect effect) {
    const std::string message = "file: " + outcome.detail;
    switch (outcome.status) {
        case FileStatus::timed_out: throw OperationTimedOut(message, effect);
        case FileStatus::cancelled: throw Cancelled(message, effect);
        case FileStatus::denied: throw AccessDenied(message, effect);
        case FileStatus::failed: throw ConnectionError(message, effect);
        default: throw Error(message, effect);
    }
}

void Folder::require(const FileOutcome& outcome) const {
    if (!outcome.ok()) throw_outcome(outcome, changed_ ? Effect::unknown : outcome.effect);
}

bool Folder::found(const FileOutcome& outcome) const {
    if (outcome.status == FileStatus::not_found) return false;
    require(outcome);
    return true;
}

std::optional<FileRead> Folder::read(const std::string& path) {
    FileRead read = files_.read(path, deadline_);
    if (!found(read.outcome)) return std::nullopt;
    return read;
}

std::optional<FileRead> Folder::read_if_small(const std::string& path) {
    FileRead read = files_.read(path, deadline_);
    if (read.outcome.status != FileStatus::too_large && !found(read.outcome)) return std::nullopt;
    return read;
}

std::vector<std::string> Folder::list(const std::string& path) {
    FileList list = files_.list(path, deadline_);
    if (!found(list.outcome)) return {};
    return std::move(list.names);
}

void Folder::replace(const std::string& path, const std::string& content) {
    require(files_.replace(path, temporary_, content, deadline_));
    changed_ = true;
}

bool Folder::touch(const std::string& path) {
    const bool done = found(files_.touch(path, deadline_));
    changed_ = changed_ || done;
    return done;
}

bool Folder::remove(const std::string& path) {
    const bool done = found(files_.remove(path, deadline_));
    changed_ = changed_ || done;
    return done;
}

// Folders that are left empty disturb nobody: they are no effect.
void Folder::make_folders(const std::string& path) {
    const FileOutcome outcome = files_.make_folders(path, deadline_);
    if (!outcome.ok()) throw_outcome(outcome, changed_ ? Effect::unknown : Effect::none);
}

bool Folder::is_locked(const std::string& path) {
    const FileOutcome outcome = files_.look_at_lock(path, deadline_);
    if (outcome.status == FileStatus::locked) return true;
    found(outcome);
    return false;
}

std::unique_ptr<FileLock> Folder::try_lock(const std::string& path, LockSharing sharing) {
    FileLocked locked = files_.try_lock(path, sharing, deadline_);
    if (locked.outcome.status == FileStatus::locked) return nullptr;
    require(locked.outcome);
    return std::move(locked.lock);
}

}  // namespace conclave::file
