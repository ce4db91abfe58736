// Holding a lock for a scope, and one object used by several fibers at once.

#include "conclave/sync.hpp"
#include "seed.hpp"

namespace conclave::contract {
namespace {

using namespace std::chrono_literals;

TEST_P(SeedLockGuards, AGuardHoldsForItsScope) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one");
        const auto first = one.get_lock("lock");
        const auto second = one.get_lock("lock");
        {
            const LockGuard guard(*first);
            EXPECT_EQ(&guard.lock(), first.get());
            EXPECT_TRUE(first->acquired());
            EXPECT_FALSE(second->acquire(false));
            EXPECT_FALSE(first->acquire(false));
        }
        EXPECT_FALSE(first->acquired());
        EXPECT_TRUE(second->acquire());
    });
}

TEST_P(SeedLockGuards, AGuardThatGetsNothingFails) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one");
        const auto first = one.get_lock("lock");
        const auto second = one.get_lock("lock");
        const LockGuard guard(*first);
        EXPECT_THROW(LockGuard(*second, false), LockAcquireFailed);
        EXPECT_THROW(LockGuard(*second, 200ms), LockAcquireFailed);
        EXPECT_THROW(LockGuard(*second, 0s), LockAcquireFailed);
        EXPECT_TRUE(first->acquired());
    });
}

TEST_P(SeedLockGuards, WhatIsReleasedWithinIsNotReleasedAgain) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one");
        const auto first = one.get_lock("lock");
        const auto second = one.get_lock("lock");
        {
            const LockGuard guard(*first, 10s);
            EXPECT_TRUE(guard.lock().release());
            EXPECT_TRUE(second->acquire(false));
        }
        EXPECT_TRUE(second->is_still_owner());
    });
}

TEST_P(SeedLockGuards, OneObjectServesSeveralWaiters) {
    in_place([](Session& session) {
        const auto lock = session.member("one").get_lock("lock");
        TaskGroup fibers(session.runtime().scheduler);
        int served = 0;
        {
            const LockGuard guard(*lock);
            for (int i = 0; i < 3; ++i)
                fibers.spawn([&] {
                    if (lock->acquire() && lock->release()) ++served;
                });
            sleep_for(session.runtime(), 200ms);  // long enough for a refusal or two
            EXPECT_EQ(served, 0);
        }
        fibers.join();
        EXPECT_EQ(served, 3);
        EXPECT_FALSE(lock->acquired());
    });
}

INSTANTIATE_TEST_SUITE_P(Any, SeedLockGuards, testing::ValuesIn(seed_places()), name_of_place);

}  // namespace
}  // namespace conclave::contract
