// What the handle of a lock must do, over any driver, in every world.

#include "conclave/sync.hpp"
#include "handles.hpp"

namespace conclave::contract {
namespace {

using namespace std::chrono_literals;

TEST_P(MutexContract, ExcludesEveryOtherAcquisitionUntilItsRelease) {
    in_place([](Session& session) {
        Client& one = session.client("one");
        Client& two = session.client("two");
        std::optional<HeldLock> held = one.mutex("L").acquire_for(0s);
        ASSERT_TRUE(held);
        EXPECT_TRUE(held->valid());
        EXPECT_FALSE(one.mutex("L").acquire_for(0s)) << "an owner is one acquisition";
        EXPECT_FALSE(two.mutex("L").acquire_for(0s));
        EXPECT_TRUE(two.mutex("another").acquire_for(0s));
        const std::uint64_t first = held->token();
        const std::stop_token told = held->stop_token();
        EXPECT_FALSE(told.stop_requested());
        EXPECT_TRUE(held->release());
        EXPECT_FALSE(held->valid());
        EXPECT_TRUE(told.stop_requested());
        EXPECT_FALSE(held->release());
        held = two.mutex("L").acquire_for(0s);
        ASSERT_TRUE(held);
        EXPECT_GT(held->token(), first);
    });
}

TEST_P(MutexContract, ExcludesAnotherProcess) {
    in_place([this](Session& session) {
        HeldLock held = session.client("one").mutex("L").acquire();
        const auto try_there = [&](bool expected) {
            elsewhere(session, [expected](Session& there) {
                EXPECT_EQ(there.client("two").mutex("L").acquire_for(0s).has_value(), expected);
            });
        };
        try_there(false);
        EXPECT_TRUE(held.release());
        try_there(true);
    });
}

TEST_P(MutexContract, AWaiterGetsTheLockOnceItsHandleIsGone) {
    in_place([](Session& session) {
        std::optional<HeldLock> held = session.client("one").mutex("L").acquire_for(0s);
        ASSERT_TRUE(held);
        TaskGroup tasks(session.runtime().scheduler);
        tasks.spawn([&] {
            sleep_for(session.runtime(), 300ms);
            held.reset();
        });
        EXPECT_TRUE(session.client("two").mutex("L").acquire_for(30s));
        EXPECT_FALSE(held);
        tasks.join();
    });
}

TEST_P(MutexContract, AWaitEndsWithItsLimit) {
    in_place([](Session& session) {
        const HeldLock held = session.client("one").mutex("L").acquire();
        const TimePoint before = session.runtime().clock.now();
        EXPECT_FALSE(session.client("two").mutex("L").acquire_for(500ms));
        EXPECT_LE(session.runtime().clock.now() - before, 10s);
        EXPECT_TRUE(held.valid());
    });
}

TEST_P(MutexContract, TellsWhoHoldsIt) {
    in_place([](Session& session) {
        Mutex ours = session.client("one").mutex("L");
        Mutex theirs = session.client("two").mutex("L");
        EXPECT_FALSE(theirs.holder());
        HeldLock held = ours.acquire();
        const std::optional<Holder> holder = theirs.holder();
        ASSERT_TRUE(holder);
        EXPECT_EQ(holder->token, held.token());
        EXPECT_TRUE(held.release());
        EXPECT_FALSE(theirs.holder());
    });
}

TEST_P(MutexContract, IsKeptAliveWhileTheHandleLives) {
    in_place([](Session& session) {
        const HeldLock held = session.client("one", brief()).mutex("L").acquire();
        sleep_for(session.runtime(), 2 * brief_ttl);
        EXPECT_TRUE(held.valid());
        EXPECT_GT(held.safe_for(), Duration::zero());
        EXPECT_FALSE(session.client("two").mutex("L").acquire_for(0s));
    });
}

TEST_P(MutexContract, StoppingTheClientEndsWhatItHolds) {
    in_place([](Session& session) {
        Client& one = session.client("one");
        std::optional<HeldLock> held = one.mutex("L").acquire_for(0s);
        ASSERT_TRUE(held);
        TaskGroup owner(session.runtime().scheduler);
        owner.spawn([&] {
            EXPECT_TRUE(held->validity().wait_lost(30s));
            held.reset();
        });
        EXPECT_TRUE(one.stop(20s).still_running.empty());
        owner.join();
        EXPECT_FALSE(held);
        EXPECT_EQ(one.mutex("L").try_acquire_for(0s).failure().effect, Effect::none);
        EXPECT_TRUE(session.client("two").mutex("L").acquire_for(30s));
    });
}

TEST_P(LeasedMutexContract, ABrokenLockIsToldToItsHolderAndPassesOn) {
    in_place([](Session& session) {
        HeldLock held = session.client("one", brief()).mutex("L").acquire();
        Mutex theirs = session.client("two").mutex("L");
        EXPECT_TRUE(theirs.break_lock());
        EXPECT_FALSE(theirs.break_lock());
        const std::optional<HeldLock> next = theirs.acquire_for(0s);
        ASSERT_TRUE(next);
        EXPECT_TRUE(held.validity().wait_lost(2 * brief_ttl));
        EXPECT_TRUE(session.eventually([&] { return held.stop_token().stop_requested(); }));
        EXPECT_FALSE(held.release());
        EXPECT_TRUE(next->valid()) << "a late release leaves the next holder alone";
        EXPECT_EQ(theirs.holder()->token, next->token());
    });
}

TEST_P(LeasedMutexContract, BreaksTheHolderThatWasToldAndNoLaterOne) {
    in_place([](Session& session) {
        Mutex ours = session.client("one").mutex("L");
        Mutex theirs = session.client("two").mutex("L");
        const HeldLock broken = ours.acquire();
        const Holder holder = theirs.holder().value();
        EXPECT_TRUE(theirs.break_holder(holder));
        const HeldLock next = ours.acquire();
        EXPECT_FALSE(theirs.break_holder(holder));
        EXPECT_EQ(theirs.holder()->token, next.token());
    });
}

TEST_P(ServedMutexContract, ALossIsToldInTimeByAServerThatIsGone) {
    in_place([this](Session& session) {
        HeldLock held = session.client("one", brief()).mutex("L").acquire();
        place_->kill_master();
        EXPECT_TRUE(held.validity().wait_lost(2 * brief_ttl));
        EXPECT_FALSE(held.valid());
        EXPECT_GE(session.runtime().clock.now(), held.validity().until());
        const Result<bool> released = held.try_release();
        ASSERT_FALSE(released);
        EXPECT_EQ(released.failure().code, ErrorCode::connection);
    });
}

TEST_P(FolderMutexContract, DoesNotLapseAndCannotBeBroken) {
    in_place([](Session& session) {
        const HeldLock held = session.client("one", brief()).mutex("L").acquire();
        EXPECT_EQ(held.safe_for(), Duration::max());
        Mutex theirs = session.client("two").mutex("L");
        const Result<bool> broken = theirs.try_break_lock();
        ASSERT_FALSE(broken);
        EXPECT_EQ(broken.failure().code, ErrorCode::not_implemented);
        EXPECT_EQ(broken.failure().effect, Effect::none);
        EXPECT_TRUE(held.valid());
    });
}

using enum PlaceKind::Backend;
INSTANTIATE_TEST_SUITE_P(Any, MutexContract, testing::ValuesIn(place_kinds()), name_of_place);
INSTANTIATE_TEST_SUITE_P(Redis, LeasedMutexContract,
                         testing::ValuesIn(place_kinds({server, replicated})), name_of_place);
INSTANTIATE_TEST_SUITE_P(Redis, ServedMutexContract, testing::ValuesIn(place_kinds({server})),
                         name_of_place);
INSTANTIATE_TEST_SUITE_P(File, FolderMutexContract, testing::ValuesIn(place_kinds({folder})),
                         name_of_place);

}  // namespace
}  // namespace conclave::contract
