// Locks over a fake backend: what a hold may be believed, and what happens when answers are lost.

#include "conclave/lock.hpp"

#include <gtest/gtest.h>

#include "coordinator_fixture.hpp"

namespace conclave {
namespace {

using namespace testing;

class Locking : public CoordinatorTest {
protected:
    std::unique_ptr<Lock> mine;
    std::unique_ptr<Lock> theirs;

    void SetUp() override {
        start(a);
        start(b);
        mine = a.coordinator->get_lock("L");
        theirs = b.coordinator->get_lock("L");
    }
    void TearDown() override {
        on_fiber([&] {
            mine.reset();
            theirs.reset();
        });
        CoordinatorTest::TearDown();
    }
    bool acquire(Lock& lock, bool blocking = false) {
        bool acquired = false;
        on_fiber([&] { acquired = lock.acquire(blocking); });
        return acquired;
    }
};

TEST_F(Locking, ExcludesAnotherOwnerUntilReleased) {
    EXPECT_TRUE(acquire(*mine));
    EXPECT_TRUE(mine->acquired());
    EXPECT_FALSE(acquire(*theirs));
    EXPECT_FALSE(theirs->acquired());
    on_fiber([&] { EXPECT_TRUE(mine->release()); });
    EXPECT_FALSE(mine->acquired());
    EXPECT_TRUE(acquire(*theirs));
    EXPECT_GT(theirs->token(), mine->token());
}

TEST_F(Locking, IsNotReentrant) {
    EXPECT_TRUE(acquire(*mine));
    EXPECT_FALSE(acquire(*mine));
    EXPECT_TRUE(mine->acquired()) << "the first hold must stay";
}

TEST_F(Locking, TwoLocksOfOneCoordinatorExcludeEachOther) {
    const auto second = a.coordinator->get_lock("L");
    EXPECT_TRUE(acquire(*mine));
    EXPECT_FALSE(acquire(*second));
}

TEST_F(Locking, ReleaseOfALockNotHeldSaysFalse) {
    on_fiber([&] { EXPECT_FALSE(mine->release()); });
}

TEST_F(Locking, IsRenewedWhileTheHeartBeats) {
    EXPECT_TRUE(acquire(*mine));
    for (int i = 0; i < 20; ++i) {
        scheduler.advance(fake_ttl / 2);
        ASSERT_TRUE(mine->acquired());
        ASSERT_FALSE(acquire(*theirs));
    }
}

TEST_F(Locking, WithoutHeartLastsUntilItsDeadlineOrTheNextHeartbeat) {
    on_fiber([&] {
        a.coordinator->stop();
        a.coordinator->start(false);
    });
    EXPECT_TRUE(acquire(*mine));
    scheduler.advance(fake_ttl - 1ms);
    EXPECT_TRUE(mine->acquired());
    on_fiber([&] { a.coordinator->heartbeat(); });
    scheduler.advance(fake_ttl - 1ms);
    EXPECT_TRUE(mine->acquired());
    scheduler.advance(1ms);
    EXPECT_FALSE(mine->acquired());
}

TEST_F(Locking, ALongPauseIsSeenAtTheFirstLook) {
    EXPECT_TRUE(acquire(*mine));
    scheduler.jump(fake_ttl);
    EXPECT_FALSE(mine->acquired()) << "before any fiber has run";
    scheduler.advance(fake_ttl);
    EXPECT_FALSE(mine->acquired()) << "belief that ended must not come back";
}

TEST_F(Locking, AfterALongPauseTheLeaseIsNotKeptFromOthers) {
    EXPECT_TRUE(acquire(*mine));
    scheduler.jump(fake_ttl);
    scheduler.advance(fake_ttl);
    EXPECT_TRUE(acquire(*theirs));
}

// The pause falls between the renewal's request and its answer, which is yes.
TEST_F(Locking, ARenewalAnsweredTooLateDoesNotBringBeliefBack) {
    EXPECT_TRUE(acquire(*mine));
    a.link.latency = 500ms;
    scheduler.advance(fake_ttl / 3 + 100ms);
    backend.locks["L"].expires += 1h;
    scheduler.jump(fake_ttl);
    scheduler.advance(2s);
    EXPECT_FALSE(mine->acquired());
    EXPECT_FALSE(backend.locks.empty()) << "its holder may not have looked yet";
    on_fiber([&] { mine->release(); });
    EXPECT_TRUE(backend.locks.empty());
}

TEST_F(Locking, SurvivesABackendThatIsAwayForLessThanTheTtl) {
    EXPECT_TRUE(acquire(*mine));
    a.link.every_fault = Fault::unreachable;
    scheduler.advance(fake_ttl / 2);
    a.link.every_fault = Fault::none;
    scheduler.advance(fake_ttl);
    EXPECT_TRUE(mine->acquired());
}

TEST_F(Locking, EndsInTimeWhileARenewalHangs) {
    EXPECT_TRUE(acquire(*mine));
    a.link.every_fault = Fault::stuck;
    scheduler.advance(fake_ttl - 1ms);
    EXPECT_TRUE(mine->acquired());
    scheduler.advance(1ms);
    EXPECT_FALSE(mine->acquired());
}

TEST_F(Locking, OneLockThatCannotBeRenewedDoesNotCostAnother) {
    const auto other = a.coordinator->get_lock("other");
    EXPECT_TRUE(acquire(*mine));
    EXPECT_TRUE(acquire(*other));
    a.link.stuck_name = "L";
    scheduler.advance(4 * fake_ttl);
    EXPECT_FALSE(mine->acquired());
    EXPECT_TRUE(other->acquired());
}

TEST_F(Locking, IsToldLostWhenTheBackendForgotIt) {
    EXPECT_TRUE(acquire(*mine));
    on_fiber([&] { EXPECT_TRUE(theirs->break_()); });
    on_fiber([&] { EXPECT_FALSE(mine->is_still_owner()); });
    scheduler.advance(fake_ttl / 2);
    EXPECT_FALSE(mine->acquired());
    on_fiber([&] { EXPECT_FALSE(theirs->break_()); });
}

TEST_F(Locking, RecognisesItsOwnAcquisitionAfterALostReply) {
    a.link.next_fault = Fault::lost_reply;
    EXPECT_TRUE(acquire(*mine, true));
    EXPECT_EQ(backend.grants, 1u);
    EXPECT_EQ(mine->token(), 1u);
}

TEST_F(Locking, OneAttemptWithALostReplyThrowsUnknownAndIsUndone) {
    a.link.next_fault = Fault::lost_reply;
    on_fiber([&] {
        try {
            mine->acquire(false);
            ADD_FAILURE() << "returned";
        } catch (const ConnectionError& error) {
            EXPECT_EQ(error.effect(), Effect::unknown);
        }
    });
    EXPECT_FALSE(mine->acquired());
    EXPECT_TRUE(acquire(*theirs)) << "nobody holds it, so it must be free before its ttl";
}

TEST_F(Locking, AnErrorThatWaitingDoesNotCureIsThrownAtOnce) {
    a.link.every_fault = Fault::refused;
    const TimePoint before = now();
    on_fiber([&] { EXPECT_THROW(mine->acquire(true), Error); });
    EXPECT_EQ(now(), before);
}

TEST_F(Locking, WaitsThroughAnOutage) {
    a.link.every_fault = Fault::unreachable;
    bool acquired = false;
    group.spawn([&] { acquired = mine->acquire(true); });
    scheduler.advance(1min);
    EXPECT_FALSE(acquired);
    a.link.every_fault = Fault::none;
    scheduler.advance(1s);
    EXPECT_TRUE(acquired);
}

TEST_F(Locking, GivesUpWithinItsLimit) {
    EXPECT_TRUE(acquire(*theirs));
    const TimePoint before = now();
    on_fiber([&] { EXPECT_FALSE(mine->acquire_for(350ms)); });
    EXPECT_GE(now() - before, 200ms);
    EXPECT_LE(now() - before, 350ms);
}

TEST_F(Locking, AStuckAttemptEndsAtTheLimitToo) {
    a.link.every_fault = Fault::stuck;
    const TimePoint before = now();
    on_fiber([&] { EXPECT_THROW(mine->acquire_for(350ms), OperationTimedOut); });
    EXPECT_EQ(now() - before, 350ms);
}

TEST_F(Locking, IsHandedOverToAWaiter) {
    EXPECT_TRUE(acquire(*theirs));
    bool acquired = false;
    group.spawn([&] { acquired = mine->acquire(true); });
    scheduler.advance(10s);
    EXPECT_FALSE(acquired);
    on_fiber([&] { theirs->release(); });
    scheduler.advance(150ms);
    EXPECT_TRUE(acquired);
}

TEST_F(Locking, ReleaseWithALostReplyEndsTheHold) {
    EXPECT_TRUE(acquire(*mine));
    a.link.next_fault = Fault::lost_request;
    on_fiber([&] {
        try {
            mine->release();
            ADD_FAILURE() << "returned";
        } catch (const ConnectionError& error) {
            EXPECT_EQ(error.effect(), Effect::unknown);
        }
    });
    EXPECT_FALSE(mine->acquired());
    scheduler.advance(fake_ttl);
    EXPECT_TRUE(acquire(*theirs)) << "it must not be renewed any more";
}

TEST_F(Locking, IsReleasedInTheBackgroundWhenForgotten) {
    EXPECT_TRUE(acquire(*mine));
    on_fiber([&] { mine.reset(); });
    EXPECT_TRUE(acquire(*theirs));
}

TEST_F(Locking, AWaiterCanBeCancelled) {
    EXPECT_TRUE(acquire(*theirs));
    TaskGroup waiters(scheduler);
    bool cancelled = false;
    waiters.spawn([&] {
        try {
            mine->acquire(true);
        } catch (const Cancelled&) {
            cancelled = true;
        }
    });
    scheduler.advance(1s);
    waiters.cancel();
    scheduler.run();
    EXPECT_TRUE(cancelled);
}

TEST_F(Locking, StopReleasesWhatIsHeld) {
    EXPECT_TRUE(acquire(*mine));
    on_fiber([&] { a.coordinator->stop(); });
    EXPECT_FALSE(mine->acquired());
    EXPECT_TRUE(acquire(*theirs));
}

TEST_F(Locking, StopIsBoundedAlsoWhenNothingAnswers) {
    EXPECT_TRUE(acquire(*mine));
    a.link.every_fault = Fault::stuck;
    const TimePoint before = now();
    on_fiber([&] { mine.reset(); });
    on_fiber([&] { a.coordinator->stop(2s); });
    EXPECT_LE(now() - before, 2s + 20ms);
}

TEST_F(Locking, RefusesAnEmptyName) { EXPECT_THROW(a.coordinator->get_lock(""), Error); }

TEST_F(Locking, RefusesBeforeStart) {
    on_fiber([&] { a.coordinator->stop(); });
    on_fiber([&] { EXPECT_THROW(mine->acquire(false), Error); });
}

TEST_F(Locking, HalfOfAllWaitsDiffer) {
    EXPECT_TRUE(acquire(*theirs));
    std::set<Duration> waits;
    for (int i = 0; i < 4; ++i) {
        const TimePoint before = now();
        bool waited = false;
        group.spawn([&] { waited = !mine->acquire_for(120ms); });
        while (!waited) scheduler.advance(1ms);
        waits.insert(now() - before);
    }
    EXPECT_GT(waits.size(), 1u) << "waiters would come back in step";
}

}  // namespace
}  // namespace conclave
