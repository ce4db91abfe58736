// What only the operating system can show: processes of their own, and classic record locks.

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "conclave/asio_runtime.hpp"
#include "files_world.hpp"
#include "live/fixture/temp_folder.hpp"

namespace conclave::contract {
namespace {

/// A child that holds a classic record lock, as fcntl.lockf takes it, until it is ended.
class ChildWithLock {
public:
    explicit ChildWithLock(const std::string& path, short type = F_WRLCK) {
        EXPECT_EQ(::pipe(pipe_), 0);
        child_ = ::fork();
        if (child_ != 0) {
            char ready = 0;
            EXPECT_EQ(::read(pipe_[0], &ready, 1), 1);
            return;
        }
        const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND, 0666);
        struct flock whole {};
        whole.l_type = type;
        const bool locked = ::fcntl(file, F_SETLK, &whole) == 0;
        if (locked && ::write(pipe_[1], "x", 1) == 1) ::pause();
        ::_exit(1);
    }
    ~ChildWithLock() { kill(); }
    void kill() {
        if (child_ <= 0) return;
        ::kill(child_, SIGKILL);
        ::waitpid(child_, nullptr, 0);
        child_ = -1;
        ::close(pipe_[0]);
        ::close(pipe_[1]);
    }

private:
    int pipe_[2] = {-1, -1};
    pid_t child_ = -1;
};

FileStatus attempt(Runtime& runtime, const std::string& path,
                   LockSharing sharing = LockSharing::exclusive) {
    return runtime.files.try_lock(path, sharing, runtime.after(10s)).outcome.status;
}

TEST(PosixLocks, AreRefusedWhileAClassicRecordLockIsHeldAndEndWithItsProcess) {
    const live::TempFolder folder;
    const std::string path = folder.file("lock");
    ChildWithLock child(path);
    run_on_this_thread([&](Runtime& runtime) {
        EXPECT_EQ(attempt(runtime, path), FileStatus::locked);
        child.kill();
        EXPECT_EQ(attempt(runtime, path), FileStatus::ok);
    });
}

TEST(PosixLocks, ThatAreSharedShareWithClassicOnesToo) {
    const live::TempFolder folder;
    const std::string path = folder.file("lock");
    ChildWithLock child(path, F_RDLCK);
    run_on_this_thread([&](Runtime& runtime) {
        EXPECT_EQ(attempt(runtime, path, LockSharing::shared), FileStatus::ok);
        EXPECT_EQ(attempt(runtime, path), FileStatus::locked);
        child.kill();
        EXPECT_EQ(attempt(runtime, path), FileStatus::ok);
    });
}

TEST(PosixLocks, OutliveOtherDescriptorsOfTheFileAndExcludeClassicOnes) {
    const live::TempFolder folder;
    const std::string path = folder.file("lock");
    run_on_this_thread([&](Runtime& runtime) {
        const FileLocked held =
            runtime.files.try_lock(path, LockSharing::exclusive, runtime.after(10s));
        ASSERT_TRUE(held.lock);
        // A classic lock of this process would be gone after this.
        ::close(::open(path.c_str(), O_RDWR));
        const int file = ::open(path.c_str(), O_RDWR);
        struct flock whole {};
        whole.l_type = F_WRLCK;
        EXPECT_EQ(::fcntl(file, F_SETLK, &whole), -1);
        ::close(file);
    });
}

TEST(PosixLocks, OfTwoRuntimesOfOneProcessExcludeEachOther) {
    const live::TempFolder folder;
    const std::string path = folder.file("lock");
    run_on_this_thread([&](Runtime& first) {
        const FileLocked held =
            first.files.try_lock(path, LockSharing::exclusive, first.after(10s));
        AsioRuntime other;
        other.gate().call([&] {
            Runtime& second = other.runtime();
            EXPECT_EQ(attempt(second, path), FileStatus::locked);
        });
    });
}

TEST(PosixFiles, ThatOthersMayReadAreWrittenReadable) {
    const live::TempFolder folder;
    const std::string path = folder.file("file");
    run_on_this_thread([&](Runtime& runtime) {
        runtime.files.replace(path, folder.file("temporary"), "x", runtime.after(10s));
    });
    const mode_t mask = ::umask(0);
    ::umask(mask);
    const auto mode = std::filesystem::status(path).permissions();
    EXPECT_EQ(static_cast<mode_t>(mode), 0666 & ~mask);
}

}  // namespace
}  // namespace conclave::contract
