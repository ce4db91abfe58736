// Locks, through the objects that get_lock() gives.

#include "conclave/sync.hpp"
#include "seed.hpp"

namespace conclave::contract {
namespace {

using namespace std::chrono_literals;

TEST_P(SeedLocks, AnAcquiredLockIsHeldUntilItIsReleased) {
    in_place([](Session& session) {
        const auto lock = session.member("one").get_lock("lock");
        EXPECT_FALSE(lock->acquired());
        EXPECT_TRUE(lock->acquire());
        EXPECT_TRUE(lock->acquired());
        EXPECT_TRUE(lock->release());
        EXPECT_FALSE(lock->acquired());
        EXPECT_FALSE(lock->release());
        EXPECT_TRUE(lock->acquire(false));
        EXPECT_TRUE(lock->release());
    });
}

TEST_P(SeedLocks, ALockHasItsName) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one");
        EXPECT_EQ(one.get_lock("lock")->name(), "lock");
        EXPECT_THROW(one.get_lock(""), Error);
    });
}

TEST_P(SeedLocks, SharingIsRefusedWhereTheBackendCannot) {
    in_place([](Session& session) {
        const auto lock = session.member("one").get_lock("lock");
        if (in_folder()) {
            EXPECT_TRUE(lock->acquire(false, true));
            return;
        }
        EXPECT_THROW(lock->acquire(false, true), NotImplemented);
        EXPECT_THROW(lock->acquire_for(1s, true), NotImplemented);
        EXPECT_TRUE(lock->acquire(false));
    });
}

TEST_P(SeedLocks, ABrokenLockIsItsNextHoldersAlone) {
    in_place([](Session& session) {
        const auto first = session.member("one").get_lock("lock");
        const auto second = session.member("two").get_lock("lock");
        EXPECT_TRUE(first->acquire(false));
        EXPECT_FALSE(second->acquire(false));
        if (in_folder()) {
            EXPECT_THROW(second->break_(), NotImplemented);
            return;
        }
        EXPECT_TRUE(second->break_());
        EXPECT_TRUE(second->acquire(false));
        EXPECT_FALSE(first->is_still_owner());
        EXPECT_FALSE(first->release());
        EXPECT_FALSE(session.member("three").get_lock("lock")->acquire(false));
        EXPECT_TRUE(second->is_still_owner());
    });
}

TEST_P(SeedLocks, WhatWasNotAcquiredCannotBeReleased) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one");
        const auto first = one.get_lock("lock");
        const auto second = one.get_lock("lock");
        EXPECT_TRUE(first->acquire());
        EXPECT_FALSE(second->acquire(false));
        EXPECT_FALSE(second->release());
        EXPECT_TRUE(first->release());
        EXPECT_FALSE(second->release());
    });
}

TEST_P(SeedLocks, ALockIsNotReentrantAndARefusedAttemptHarmsNoHold) {
    in_place([](Session& session) {
        const auto lock = session.member("one").get_lock("lock");
        EXPECT_TRUE(lock->acquire());
        EXPECT_FALSE(lock->acquire(false));
        EXPECT_TRUE(lock->acquired());
        EXPECT_TRUE(lock->is_still_owner());
        EXPECT_TRUE(lock->release());
        EXPECT_TRUE(lock->acquire(false));
    });
}

TEST_P(SeedLocks, OneOfManyObjectsHoldsIt) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one");
        const auto first = one.get_lock("lock");
        const auto second = one.get_lock("lock");
        const auto third = one.get_lock("lock");
        EXPECT_TRUE(first->acquire(false));
        EXPECT_FALSE(second->acquire(false));
        EXPECT_FALSE(third->acquire(false));
        EXPECT_TRUE(first->release());
        EXPECT_TRUE(third->acquire(false));
    });
}

TEST_P(SeedLocks, ALockPassesFromCoordinatorToCoordinator) {
    in_place([](Session& session) {
        const auto first = session.member("one").get_lock("lock");
        const auto second = session.member("two").get_lock("lock");
        EXPECT_TRUE(first->acquire());
        EXPECT_FALSE(second->acquire(false));
        EXPECT_TRUE(first->release());
        EXPECT_TRUE(second->acquire());
        EXPECT_GT(second->token(), first->token());
        EXPECT_TRUE(second->release());
    });
}

TEST_P(SeedLocks, AnotherProcessIsExcludedWhileItIsHeldAndNotAfterwards) {
    in_place([this](Session& session) {
        const auto lock = session.member("one").get_lock("lock");
        bool acquired = true;
        const auto attempt = [&](Session& other) {
            acquired = other.member("other").get_lock("lock")->acquire(false);
        };
        ASSERT_TRUE(lock->acquire());
        elsewhere(session, attempt);
        EXPECT_FALSE(acquired);
        EXPECT_TRUE(lock->release());
        elsewhere(session, attempt);
        EXPECT_TRUE(acquired);
    });
}

TEST_P(SeedLocks, AnotherFiberIsExcludedWhoeverItsCoordinatorIs) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one");
        Coordinator& two = session.member("two");
        const auto lock = one.get_lock("lock");
        ASSERT_TRUE(lock->acquire());
        int refused = 0;
        TaskGroup fibers(session.runtime().scheduler);
        for (Coordinator* coordinator : {&one, &two})
            fibers.spawn([&refused, coordinator] {
                if (!coordinator->get_lock("lock")->acquire(false)) ++refused;
            });
        fibers.join();
        EXPECT_EQ(refused, 2);
    });
}

TEST_P(SeedLocks, AWaiterGetsTheLockWhenItIsReleased) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one");
        const auto held = one.get_lock("lock");
        const auto wanted = one.get_lock("lock");
        ASSERT_TRUE(held->acquire());
        TaskGroup fibers(session.runtime().scheduler);
        bool released = false;
        bool waited = false;
        fibers.spawn([&] { waited = wanted->acquire() && released; });
        sleep_for(session.runtime(), 200ms);  // long enough for a refusal or two
        released = true;
        EXPECT_TRUE(held->release());
        fibers.join();
        EXPECT_TRUE(waited);
        EXPECT_TRUE(wanted->release());
    });
}

TEST_P(SeedLocks, TakingOneLockDoesNotFreeAnother) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one");
        const auto first = one.get_lock("first");
        const auto second = one.get_lock("second");
        TaskGroup fibers(session.runtime().scheduler);
        for (Lock* lock : {first.get(), second.get()})
            fibers.spawn([lock] { EXPECT_TRUE(lock->acquire()); });
        fibers.join();
        Coordinator& two = session.member("two");
        EXPECT_FALSE(two.get_lock("first")->acquire(false));
        EXPECT_FALSE(two.get_lock("second")->acquire(false));
        EXPECT_TRUE(first->release());
        EXPECT_FALSE(two.get_lock("second")->acquire(false));
        EXPECT_TRUE(second->release());
    });
}

TEST_P(SeedLocks, AWaitEndsWithItsLimit) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one");
        const auto held = one.get_lock("lock");
        const auto wanted = one.get_lock("lock");
        ASSERT_TRUE(held->acquire());
        const TimePoint begun = session.runtime().clock.now();
        EXPECT_FALSE(wanted->acquire_for(300ms));
        EXPECT_LE(session.runtime().clock.now() - begun, 2s);
        EXPECT_TRUE(held->release());
        EXPECT_TRUE(wanted->acquire_for(300ms));
    });
}

TEST_P(SeedLocks, WhatIsNotHeldCannotBeRenewedOrOwned) {
    in_place([](Session& session) {
        const auto lock = session.member("one").get_lock("lock");
        EXPECT_FALSE(lock->heartbeat());
        EXPECT_FALSE(lock->is_still_owner());
        ASSERT_TRUE(lock->acquire());
        EXPECT_TRUE(lock->heartbeat());
        EXPECT_TRUE(lock->is_still_owner());
        ASSERT_TRUE(lock->release());
        EXPECT_FALSE(lock->heartbeat());
        EXPECT_FALSE(lock->is_still_owner());
    });
}

INSTANTIATE_TEST_SUITE_P(Any, SeedLocks, testing::ValuesIn(seed_places()), name_of_place);

}  // namespace
}  // namespace conclave::contract
