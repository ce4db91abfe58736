#include "file_calls.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace conclave::detail {

namespace {

constexpr int lock_attempts = 100;

FileStatus status_of(int error) noexcept {
    switch (error) {
        case ENOENT: return FileStatus::not_found;
        case ENOTDIR: return FileStatus::not_a_folder;
        case EISDIR: return FileStatus::is_a_folder;
        case ENOTEMPTY: return FileStatus::not_empty;
        case EACCES:
        case EPERM:
        case EROFS: return FileStatus::denied;
        case ENOSPC:
        case EDQUOT:
        case EFBIG: return FileStatus::no_space;
        default: return FileStatus::failed;
    }
}

FileOutcome failure(int error, const std::string& path, Effect effect = Effect::none) {
    return {status_of(error), effect, path + ": " + std::generic_category().message(error)};
}

std::string folder_of(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

template <class Call>
auto retried(Call call) {
    auto result = call();
    while (result < 0 && errno == EINTR) result = call();
    return result;
}

OwnedDescriptor open_path(const std::string& path, int flags, mode_t mode = 0) {
    return OwnedDescriptor(
        retried([&] { return ::open(path.c_str(), flags | O_CLOEXEC | O_NOCTTY, mode); }));
}

/// Makes the entries of a folder last.
FileOutcome sync_folder(const std::string& folder, Effect effect) {
    const OwnedDescriptor descriptor = open_path(folder, O_RDONLY | O_DIRECTORY);
    if (!descriptor.open() || retried([&] { return ::fsync(descriptor.native()); }) != 0)
        return failure(errno, folder, effect);
    return {};
}

bool write_all(int descriptor, std::string_view content) {
    while (!content.empty()) {
        const ssize_t count =
            retried([&] { return ::write(descriptor, content.data(), content.size()); });
        if (count < 0) return false;
        content.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

FileOutcome write_synced(const std::string& path, std::string_view content) {
    const OwnedDescriptor file = open_path(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (!file.open() || !write_all(file.native(), content) ||
        retried([&] { return ::fsync(file.native()); }) != 0)
        return failure(errno, path);
    return {};
}

/// Reads to the end into `read`; false when that failed or became too large.
bool read_to_end(int descriptor, const std::string& path, FileRead& read) {
    std::array<char, 65536> buffer;
    while (true) {
        const ssize_t count =
            retried([&] { return ::read(descriptor, buffer.data(), buffer.size()); });
        if (count == 0) return true;
        if (count < 0) {
            read.outcome = failure(errno, path);
            return false;
        }
        read.content.append(buffer.data(), static_cast<std::size_t>(count));
        if (read.content.size() <= file_bytes_max) continue;
        read.outcome = {FileStatus::too_large, Effect::none, path + ": larger than 16 MiB"};
        return false;
    }
}

/// Whether `path` leads to the open file.
FileOutcome same_file(const OwnedDescriptor& descriptor, const std::string& path) {
    struct stat open_file {};
    struct stat named_file {};
    if (::fstat(descriptor.native(), &open_file) != 0 || ::stat(path.c_str(), &named_file) != 0)
        return failure(errno, path);
    if (open_file.st_dev == named_file.st_dev && open_file.st_ino == named_file.st_ino) return {};
    return {FileStatus::not_found, Effect::none, path + ": another file than the one locked"};
}

int set_lock(const OwnedDescriptor& descriptor, short type) {
    struct flock whole_file {};
    whole_file.l_type = type;
    whole_file.l_whence = SEEK_SET;
    return retried([&] { return ::fcntl(descriptor.native(), F_OFD_SETLK, &whole_file); });
}

LockedDescriptor lock_failure(FileOutcome outcome) {
    return {std::move(outcome), OwnedDescriptor()};
}

}  // namespace

OwnedDescriptor& OwnedDescriptor::operator=(OwnedDescriptor&& other) noexcept {
    std::swap(native_, other.native_);
    return *this;
}

void OwnedDescriptor::close() noexcept {
    if (native_ >= 0) ::close(native_);
    native_ = -1;
}

FileRead read_file(const std::string& path) {
    FileRead read;
    const OwnedDescriptor file = open_path(path, O_RDONLY);
    struct stat status {};
    if (!file.open() || ::fstat(file.native(), &status) != 0) {
        read.outcome = failure(errno, path);
        return read;
    }
    read.modified = {status.st_mtim.tv_sec * std::int64_t{1'000'000'000} + status.st_mtim.tv_nsec};
    if (!read_to_end(file.native(), path, read)) read.content.clear();
    return read;
}

FileOutcome replace_file(const std::string& path, const std::string& temporary,
                         std::string_view content) {
    if (FileOutcome outcome = write_synced(temporary, content); !outcome.ok()) {
        ::unlink(temporary.c_str());
        return outcome;
    }
    if (::rename(temporary.c_str(), path.c_str()) != 0) {
        const int error = errno;
        ::unlink(temporary.c_str());
        return failure(error, path);
    }
    return sync_folder(folder_of(path), Effect::unknown);
}

FileOutcome touch_file(const std::string& path) {
    if (::utimensat(AT_FDCWD, path.c_str(), nullptr, 0) != 0) return failure(errno, path);
    return {};
}

FileList list_folder(const std::string& folder) {
    FileList list;
    DIR* const stream = ::opendir(folder.c_str());
    if (!stream) {
        list.outcome = failure(errno, folder);
        return list;
    }
    errno = 0;
    while (const dirent* const entry = ::readdir(stream)) {
        const std::string_view name = entry->d_name;
        if (name != "." && name != "..") list.names.emplace_back(name);
        errno = 0;
    }
    if (errno != 0) list.outcome = failure(errno, folder);
    ::closedir(stream);
    std::ranges::sort(list.names);
    return list;
}

FileOutcome remove_path(const std::string& path) {
    // Linux refuses to unlink a folder with EISDIR.
    const bool removed = ::unlink(path.c_str()) == 0 ||
                         (errno == EISDIR && ::rmdir(path.c_str()) == 0);
    if (!removed) return failure(errno, path);
    return sync_folder(folder_of(path), Effect::unknown);
}

FileOutcome make_folders(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) == 0)
        return S_ISDIR(status.st_mode) ? FileOutcome{} : failure(ENOTDIR, path);
    if (errno != ENOENT) return failure(errno, path);
    const std::string parent = folder_of(path);
    if (FileOutcome outcome = make_folders(parent); !outcome.ok()) return outcome;
    if (::mkdir(path.c_str(), 0777) != 0 && errno != EEXIST) return failure(errno, path);
    return sync_folder(parent, Effect::unknown);
}

// A file that was removed between open and lock excludes nobody: then the next one is tried.
LockedDescriptor try_lock_file(const std::string& path, LockSharing sharing) {
    const short type = sharing == LockSharing::shared ? F_RDLCK : F_WRLCK;
    for (int attempt = 0; attempt < lock_attempts; ++attempt) {
        OwnedDescriptor file = open_path(path, O_RDWR | O_CREAT | O_APPEND, 0666);
        if (!file.open()) return lock_failure(failure(errno, path));
        if (set_lock(file, type) != 0) {
            if (errno != EAGAIN && errno != EACCES) return lock_failure(failure(errno, path));
            return lock_failure({FileStatus::locked, Effect::none, path + ": locked"});
        }
        FileOutcome same = same_file(file, path);
        if (same.ok()) return {{}, std::move(file)};
        if (same.status != FileStatus::not_found) return lock_failure(std::move(same));
    }
    return lock_failure({FileStatus::failed, Effect::none, path + ": removed again and again"});
}

FileOutcome look_at_lock(const std::string& path) {
    const OwnedDescriptor file = open_path(path, O_RDONLY);
    struct flock whole_file {};
    whole_file.l_type = F_WRLCK;
    whole_file.l_whence = SEEK_SET;
    if (!file.open() || ::fcntl(file.native(), F_OFD_GETLK, &whole_file) != 0)
        return failure(errno, path);
    if (whole_file.l_type == F_UNLCK) return {};
    return {FileStatus::locked, Effect::none, path + ": locked"};
}

FileOutcome check_lock(const OwnedDescriptor& descriptor, const std::string& path) {
    if (!descriptor.open()) return {FileStatus::not_found, Effect::none, path + ": not locked"};
    return same_file(descriptor, path);
}

void unlock(OwnedDescriptor& descriptor) noexcept {
    if (!descriptor.open()) return;
    set_lock(descriptor, F_UNLCK);
    descriptor.close();
}

}  // namespace conclave::detail
