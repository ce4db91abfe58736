// Locks that are shared, through the objects that get_lock() gives.

#include "seed.hpp"

namespace conclave::contract {
namespace {

using namespace std::chrono_literals;

TEST_P(SeedSharedLocks, AreAcquiredAndReleasedLikeOthers) {
    in_place([](Session& session) {
        const auto lock = session.member("one").get_lock("lock");
        EXPECT_TRUE(lock->acquire(true, true));
        EXPECT_TRUE(lock->acquired());
        EXPECT_TRUE(lock->is_still_owner());
        EXPECT_TRUE(lock->heartbeat());
        EXPECT_TRUE(lock->release());
        EXPECT_FALSE(lock->acquired());
        { const LockGuard held(*lock, true, true); }
        EXPECT_TRUE(lock->acquire_for(5s, true));
        EXPECT_TRUE(lock->release());
    });
}

TEST_P(SeedSharedLocks, OneObjectReleasesAsOftenAsItAcquired) {
    in_place([](Session& session) {
        const auto lock = session.member("one").get_lock("lock");
        const auto other = session.member("two").get_lock("lock");
        EXPECT_TRUE(lock->acquire(true, true));
        EXPECT_TRUE(lock->acquire(true, true));
        EXPECT_TRUE(lock->release());
        EXPECT_TRUE(lock->acquired());
        EXPECT_FALSE(other->acquire(false));
        EXPECT_TRUE(lock->release());
        EXPECT_FALSE(lock->acquired());
        EXPECT_FALSE(lock->release());
        EXPECT_TRUE(other->acquire(false));
    });
}

TEST_P(SeedSharedLocks, TwoCoordinatorsShare) {
    in_place([](Session& session) {
        const auto first = session.member("one").get_lock("lock");
        const auto second = session.member("two").get_lock("lock");
        EXPECT_TRUE(first->acquire(true, true));
        EXPECT_TRUE(second->acquire(true, true));
        EXPECT_TRUE(first->release());
        EXPECT_TRUE(second->release());
    });
}

// tooz shares within one process only: for others its lock of the operating system is exclusive.
TEST_P(SeedSharedLocks, TwoProcessesShare) {
    in_place([this](Session& session) {
        const auto lock = session.member("one").get_lock("lock");
        ASSERT_TRUE(lock->acquire(true, true));
        elsewhere(session, [](Session& other) {
            const auto its = other.member("two").get_lock("lock");
            EXPECT_FALSE(its->acquire(false));
            EXPECT_TRUE(its->acquire(false, true));
        });
        EXPECT_TRUE(lock->release());
    });
}

TEST_P(SeedSharedLocks, ASharedLockExcludesWhoWantsItAlone) {
    in_place([](Session& session) {
        const auto first = session.member("one").get_lock("lock");
        const auto second = session.member("two").get_lock("lock");
        EXPECT_TRUE(first->acquire(true, true));
        EXPECT_FALSE(second->acquire(false));
        EXPECT_FALSE(first->acquire(false)) << "nor is it made its holder's own";
        EXPECT_TRUE(first->release());
        EXPECT_FALSE(second->release());
        EXPECT_TRUE(second->acquire(false));
    });
}

TEST_P(SeedSharedLocks, ALockThatOneHasAloneExcludesWhoWantsToShare) {
    in_place([](Session& session) {
        const auto first = session.member("one").get_lock("lock");
        const auto second = session.member("two").get_lock("lock");
        EXPECT_TRUE(first->acquire());
        EXPECT_FALSE(second->acquire(false, true));
        EXPECT_FALSE(first->acquire(false, true));
        EXPECT_TRUE(first->release());
        EXPECT_FALSE(second->release());
        EXPECT_TRUE(second->acquire(false, true));
    });
}

INSTANTIATE_TEST_SUITE_P(File, SeedSharedLocks,
                         testing::ValuesIn(place_kinds({PlaceKind::Backend::folder})),
                         name_of_place);

}  // namespace
}  // namespace conclave::contract
