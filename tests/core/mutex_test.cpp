// Held locks: what a handle proves, when its owner is told, and what becomes of it.

#include "conclave/mutex.hpp"

#include <mutex>

#include "client_fixture.hpp"

namespace conclave {
namespace {

using namespace testing;

struct MutexTest : ClientTest {
    std::optional<HeldLock> held;

    std::optional<HeldLock> take(Client& client, Duration limit = 0s) {
        std::optional<HeldLock> taken;
        on_fiber([&] { taken = client.mutex("L").acquire_for(limit); });
        return taken;
    }
    void TearDown() override {
        on_fiber([&] { held.reset(); });
        ClientTest::TearDown();
    }
};

TEST_F(MutexTest, ExcludesEveryOtherAcquisitionAlsoOfTheSameClient) {
    held = take(*a);
    ASSERT_TRUE(held);
    EXPECT_TRUE(held->valid());
    EXPECT_EQ(held->name(), "L");
    EXPECT_FALSE(take(*a));
    EXPECT_FALSE(take(*b));
    on_fiber([&] { EXPECT_TRUE(held->release()); });
    EXPECT_FALSE(held->valid());
    EXPECT_TRUE(take(*b));
}

TEST_F(MutexTest, TokensGrow) {
    held = take(*a);
    const std::uint64_t first = held->token();
    on_fiber([&] { held->release(); });
    held = take(*b);
    EXPECT_GT(held->token(), first);
}

TEST_F(MutexTest, AWaiterGetsTheLockOnceItIsFree) {
    held = take(*a);
    begin([&] {
        sleep_for(environment.runtime, 1s);
        held->release();
    });
    EXPECT_TRUE(take(*b, 5s));
}

TEST_F(MutexTest, AWaitThatRunsOutOfTimeBeforeItsLastRequestIsSentWasRefused) {
    held = take(*b);
    a_link.latency = 200ms;  // the second attempt begins in time, and comes too late
    EXPECT_FALSE(take(*a, 390ms));
}

TEST_F(MutexTest, AWaitThatWasNeverAnsweredIsNoRefusal) {
    held = take(*b);
    a_link.latency = 500ms;
    on_fiber([&] {
        const auto result = a->mutex("L").try_acquire_for(390ms);
        ASSERT_FALSE(result);
        EXPECT_EQ(result.failure().code, ErrorCode::timed_out);
        EXPECT_EQ(result.failure().effect, Effect::none);
    });
}

TEST_F(MutexTest, AGrantThatComesTooLateToBelieveInIsNotHandedOut) {
    a_link.reply_latency = 2 * fake_ttl;
    EXPECT_FALSE(take(*a, fake_ttl));
}

TEST_F(MutexTest, IsRenewedWhileTheHandleLives) {
    held = take(*a);
    scheduler.advance(10 * fake_ttl);
    EXPECT_TRUE(held->valid());
}

TEST_F(MutexTest, TheDestructorGivesTheLockUpWithoutWaiting) {
    held = take(*a);
    const Validity validity = held->validity();
    on_fiber([&] {
        const TimePoint before = scheduler.now();
        held.reset();
        EXPECT_EQ(scheduler.now(), before);
        EXPECT_FALSE(validity.valid());
    });
    scheduler.run();
    EXPECT_TRUE(lock_is_free());
}

TEST_F(MutexTest, IsToldAtTheDeadlineWithoutTheBackend) {
    held = take(*a);
    a_link.every_fault = Fault::stuck;
    const TimePoint until = held->validity().until();
    const std::stop_token told = held->stop_token();
    scheduler.advance(until - scheduler.now() - 1ns);
    EXPECT_TRUE(held->valid());
    EXPECT_FALSE(told.stop_requested());
    scheduler.advance(1ns);
    EXPECT_FALSE(held->valid());
    EXPECT_TRUE(told.stop_requested());
    EXPECT_EQ(held->safe_for(), Duration::zero());
}

TEST_F(MutexTest, APauseIsSeenAtTheFirstLookBeforeAnyTimer) {
    held = take(*a);
    scheduler.jump(fake_ttl);
    EXPECT_FALSE(held->valid());
    EXPECT_FALSE(held->stop_token().stop_requested()) << "documented as late";
    scheduler.run();
    scheduler.advance(1ns);
    EXPECT_TRUE(held->stop_token().stop_requested());
}

TEST_F(MutexTest, BeliefThatEndedDoesNotComeBack) {
    held = take(*a);
    scheduler.jump(fake_ttl);
    scheduler.advance(fake_ttl);
    EXPECT_FALSE(held->valid());
}

TEST_F(MutexTest, WhoLooksLateStillHasTheRestOfTheLease) {
    held = take(*a);
    a_link.every_fault = Fault::stuck;
    scheduler.advance(held->safe_for());
    EXPECT_FALSE(held->valid());
    a_link.every_fault = Fault::none;
    EXPECT_EQ(backend.locks.count("L"), 1u) << "not given up before its owner let go";
}

TEST_F(MutexTest, WaitingForTheLossEndsWithIt) {
    held = take(*a);
    const Validity validity = held->validity();
    on_fiber([&] { EXPECT_FALSE(validity.wait_lost(1s)); });
    a_link.every_fault = Fault::unreachable;
    const TimePoint until = validity.until();
    on_fiber([&] {
        EXPECT_TRUE(validity.wait_lost(100s));
        EXPECT_LE(scheduler.now(), until + 1ns);
    });
}

TEST_F(MutexTest, AValidityOutlivesItsHandleAndItsClient) {
    Validity validity;
    EXPECT_FALSE(validity.valid());
    EXPECT_EQ(validity.until(), TimePoint::min());
    on_fiber([&] {
        Client client = start(b_link);
        auto own = client.mutex("other").acquire_for(0s);
        validity = own->validity();
        EXPECT_TRUE(validity.valid());
        own.reset();
        client.stop();
    });
    EXPECT_FALSE(validity.valid());
    EXPECT_TRUE(validity.wait_lost(1s));
}

TEST_F(MutexTest, ALostReplyOfAnAcquisitionIsRecognised) {
    a_link.next_fault = Fault::lost_reply;
    held = take(*a, 5s);
    ASSERT_TRUE(held);
    EXPECT_TRUE(held->valid());
}

TEST_F(MutexTest, WhatAFailedAcquisitionMayHaveTakenIsGivenBack) {
    a_link.next_fault = Fault::lost_reply;
    on_fiber([&] {
        const auto result = a->mutex("L").try_acquire_for(0s);
        ASSERT_FALSE(result);
        EXPECT_EQ(result.failure().code, ErrorCode::connection);
        EXPECT_EQ(result.failure().effect, Effect::unknown);
        EXPECT_EQ(result.failure().message, "lost reply");
    });
    EXPECT_TRUE(lock_is_free());
}

TEST_F(MutexTest, StoppingTellsHoldersAtOnceAndWaitsForThem) {
    held = take(*a);
    const std::stop_token told = held->stop_token();
    StopReport report;
    on_fiber([&] {
        TaskGroup worker(scheduler);
        worker.spawn([&] {
            while (!told.stop_requested()) sleep_for(environment.runtime, 10ms);
            EXPECT_FALSE(held->valid());
            sleep_for(environment.runtime, 1s);
            EXPECT_FALSE(lock_is_free()) << "given up under a worker";
            held.reset();
        });
        report = a->stop(5s);
        worker.join();
    });
    EXPECT_TRUE(report.still_running.empty());
    EXPECT_TRUE(lock_is_free());
}

TEST_F(MutexTest, StoppingReportsWhatIsStillHeldAndDoesNotGiveItUp) {
    held = take(*a);
    on_fiber([&] {
        const TimePoint before = scheduler.now();
        EXPECT_EQ(a->stop(2s).still_running, std::vector<std::string>{"L"});
        EXPECT_LE(scheduler.now(), before + 2s);
        EXPECT_EQ(a->stop(2s).still_running, std::vector<std::string>{"L"}) << "it only reports";
    });
    EXPECT_EQ(backend.locks.count("L"), 1u);
}

TEST_F(MutexTest, StoppingEndsAWaitForALock) {
    held = take(*b);
    bool ended = false;
    begin([&] {
        EXPECT_THROW(a->mutex("L").acquire(), Cancelled);
        ended = true;
    });
    on_fiber([&] { a->stop(1s); });
    EXPECT_TRUE(ended);
    on_fiber([&] { EXPECT_THROW(a->mutex("L").acquire_for(0s), Error); });
}

TEST_F(MutexTest, AStandardLockGuardsAScope) {
    LockableMutex lockable(a->mutex("L"));
    on_fiber([&] {
        const std::unique_lock lock(lockable);
        EXPECT_TRUE(lockable.valid());
        EXPECT_FALSE(b->mutex("L").acquire_for(0s));
    });
    scheduler.run();
    on_fiber([&] {
        std::unique_lock lock(lockable, 1s);
        EXPECT_TRUE(lock.owns_lock());
    });
}

TEST_F(MutexTest, BreakingRemovesAForeignHold) {
    held = take(*a);
    on_fiber([&] {
        const std::optional<Holder> holder = b->mutex("L").holder();
        EXPECT_TRUE(b->mutex("L").break_lock());
        EXPECT_FALSE(b->mutex("L").try_holder().value());
        EXPECT_FALSE(b->mutex("L").break_holder(holder.value()));
        EXPECT_FALSE(b->mutex("L").try_break_lock().value());
    });
    scheduler.advance(fake_ttl);
    EXPECT_FALSE(held->valid()) << "the next renewal finds out";
}

TEST_F(MutexTest, AnEmptyNameIsRefused) { EXPECT_THROW(a->mutex(""), Error); }

TEST(Requirements, NameWhatIsMissingRequestedAndAvailable) {
    Claims claims;
    claims.characteristics = {Characteristic::causal};
    EXPECT_NO_THROW(require(claims, {Characteristic::causal}));
    try {
        require(claims, {Characteristic::causal, Feature::fencing});
        FAIL() << "expected DriverChosenPoorly";
    } catch (const DriverChosenPoorly& error) {
        EXPECT_STREQ(error.what(),
                     "the driver lacks fencing (requested causal, fencing; available causal)");
    }
}

}  // namespace
}  // namespace conclave
