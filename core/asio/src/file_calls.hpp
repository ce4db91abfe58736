#pragma once

// The operations of Files as plain blocking calls of the operating system; run by FileWorker's
// thread. They share nothing, so they are safe from any thread.
//
// Locks are open file description locks (F_OFD_SETLK). A classic record lock belongs to the process:
// it does not exclude its own process, and ends when any descriptor of that file is closed anywhere
// in it, by a library that looks into the folder for example. An open file description lock has
// neither trait, and the two conflict with each other, which is what fcntl.lockf of Python takes.
// Source: Linux fcntl(2), "Open file description locks (non-POSIX)".

#include <string>
#include <string_view>

#include "conclave/files.hpp"

namespace conclave::detail {

/// Closes its descriptor, if it has one, when it dies.
class OwnedDescriptor {
public:
    explicit OwnedDescriptor(int native = -1) noexcept : native_(native) {}
    OwnedDescriptor(OwnedDescriptor&& other) noexcept : native_(other.native_) {
        other.native_ = -1;
    }
    OwnedDescriptor& operator=(OwnedDescriptor&& other) noexcept;
    ~OwnedDescriptor() { close(); }
    int native() const noexcept { return native_; }
    bool open() const noexcept { return native_ >= 0; }
    void close() noexcept;

private:
    int native_;
};

FileRead read_file(const std::string& path);
FileOutcome replace_file(const std::string& path, const std::string& temporary,
                         std::string_view content);
FileOutcome touch_file(const std::string& path);
FileList list_folder(const std::string& folder);
FileOutcome remove_path(const std::string& path);
FileOutcome make_folders(const std::string& path);

struct LockedDescriptor {
    FileOutcome outcome;
    OwnedDescriptor descriptor;
};
LockedDescriptor try_lock_file(const std::string& path, LockSharing sharing);
FileOutcome look_at_lock(const std::string& path);
FileOutcome check_lock(const OwnedDescriptor& descriptor, const std::string& path);
/// Unlocks and closes; a child that was forked without exec does not keep the lock.
void unlock(OwnedDescriptor& descriptor) noexcept;

}  // namespace conclave::detail
