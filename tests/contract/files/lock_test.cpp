// Locks on whole files.

#include "files_world.hpp"

namespace conclave::contract {
namespace {

class FileLocks : public FilesContract {
protected:
    std::unique_ptr<FileLock> lock(Runtime& runtime, const std::string& at,
                                   LockSharing sharing = LockSharing::exclusive) {
        FileLocked locked = runtime.files.try_lock(at, sharing, soon(runtime));
        EXPECT_EQ(locked.lock != nullptr, locked.outcome.ok());
        return std::move(locked.lock);
    }
    FileStatus attempt(Runtime& runtime, const std::string& at,
                       LockSharing sharing = LockSharing::exclusive) {
        return runtime.files.try_lock(at, sharing, soon(runtime)).outcome.status;
    }
};
CONCLAVE_FILES_SUITE(FileLocks);

TEST_P(FileLocks, ExcludeTheirOwnProcessToo) {
    in_world([&](Runtime& runtime) {
        const auto held = lock(runtime, path("lock"));
        ASSERT_TRUE(held);
        EXPECT_EQ(attempt(runtime, path("lock")), FileStatus::locked);
        EXPECT_EQ(attempt(runtime, path("another")), FileStatus::ok);
        EXPECT_TRUE(held->check(soon(runtime)).ok());
    });
}

TEST_P(FileLocks, AreSeenWithoutBeingTaken) {
    in_world([&](Runtime& runtime) {
        const auto look = [&] {
            return runtime.files.look_at_lock(path("lock"), soon(runtime)).status;
        };
        EXPECT_EQ(look(), FileStatus::not_found);
        const auto held = lock(runtime, path("lock"));
        EXPECT_EQ(look(), FileStatus::locked);
        EXPECT_TRUE(held->check(soon(runtime)).ok());
        held->release(soon(runtime));
        EXPECT_EQ(look(), FileStatus::ok);
        EXPECT_EQ(attempt(runtime, path("lock")), FileStatus::ok);
    });
}

TEST_P(FileLocks, ExcludeUnderEveryNameOfTheFolder) {
    const std::string link = world_->folder() + "-link";
    world_->link_folder(link);
    in_world([&](Runtime& runtime) {
        const auto held = lock(runtime, path("lock"));
        EXPECT_EQ(attempt(runtime, link + "/lock"), FileStatus::locked);
        EXPECT_EQ(attempt(runtime, path(".//lock")), FileStatus::locked);
    });
}

TEST_P(FileLocks, ThatAreSharedExcludeOnlyThoseThatAreNot) {
    in_world([&](Runtime& runtime) {
        const auto first = lock(runtime, path("lock"), LockSharing::shared);
        const auto second = lock(runtime, path("lock"), LockSharing::shared);
        ASSERT_TRUE(first && second);
        EXPECT_EQ(attempt(runtime, path("lock")), FileStatus::locked);
        EXPECT_TRUE(first->release(soon(runtime)).ok());
        EXPECT_EQ(attempt(runtime, path("lock")), FileStatus::locked);
        EXPECT_TRUE(second->check(soon(runtime)).ok());
        EXPECT_TRUE(second->release(soon(runtime)).ok());
        const auto alone = lock(runtime, path("lock"));
        ASSERT_TRUE(alone);
        EXPECT_EQ(attempt(runtime, path("lock"), LockSharing::shared), FileStatus::locked);
    });
}

TEST_P(FileLocks, AreNotLostWhenTheFileIsReadOrAnAttemptFails) {
    in_world([&](Runtime& runtime) {
        const auto held = lock(runtime, path("lock"));
        runtime.files.read(path("lock"), soon(runtime));
        attempt(runtime, path("lock"));
        runtime.files.touch(path("lock"), soon(runtime));
        EXPECT_EQ(attempt(runtime, path("lock")), FileStatus::locked);
    });
}

TEST_P(FileLocks, AreFreeOnceTheyAreReleased) {
    in_world([&](Runtime& runtime) {
        const auto held = lock(runtime, path("lock"));
        EXPECT_TRUE(held->release(soon(runtime)).ok());
        EXPECT_TRUE(held->release(soon(runtime)).ok());
        EXPECT_EQ(held->check(soon(runtime)).status, FileStatus::not_found);
        const auto again = lock(runtime, path("lock"));
        EXPECT_TRUE(again);
        // The first handle is over: what it does now leaves the second alone.
        EXPECT_TRUE(held->release(soon(runtime)).ok());
        EXPECT_EQ(attempt(runtime, path("lock")), FileStatus::locked);
    });
}

TEST_P(FileLocks, AreFreeOnceTheirHandleIsGone) {
    in_world([&](Runtime& runtime) {
        { const auto held = lock(runtime, path("lock")); }
        EXPECT_EQ(attempt(runtime, path("lock")), FileStatus::ok);
    });
}

TEST_P(FileLocks, SayWhenTheirFileIsGone) {
    in_world([&](Runtime& runtime) {
        const auto held = lock(runtime, path("lock"));
        runtime.files.remove(path("lock"), soon(runtime));
        EXPECT_EQ(held->check(soon(runtime)).status, FileStatus::not_found);
        const auto other = lock(runtime, path("lock"));
        EXPECT_TRUE(other) << "a new file of that name is free";
        EXPECT_EQ(held->check(soon(runtime)).status, FileStatus::not_found);
        EXPECT_TRUE(other->check(soon(runtime)).ok());
    });
}

TEST_P(FileLocks, NeedTheFolderToBeThere) {
    in_world([&](Runtime& runtime) {
        EXPECT_EQ(attempt(runtime, path("absent/lock")), FileStatus::not_found);
        EXPECT_EQ(attempt(runtime, world_->folder()), FileStatus::is_a_folder);
    });
}

TEST_P(FileLocks, AreNotTakenAfterTheDeadline) {
    in_world([&](Runtime& runtime) {
        const Deadline past(runtime.clock.now() - 1ms);
        EXPECT_EQ(runtime.files.try_lock(path("lock"), LockSharing::exclusive, past).outcome.status,
                  FileStatus::timed_out);
        EXPECT_EQ(attempt(runtime, path("lock")), FileStatus::ok);
    });
}

}  // namespace
}  // namespace conclave::contract
