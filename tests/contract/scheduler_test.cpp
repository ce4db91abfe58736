// Fibers and time: tokens of unpark(), deadlines, cancellation, joins, and the clock.

#include "conclave/fiber.hpp"
#include "suite.hpp"

namespace conclave::contract {
namespace {

using testing::ElementsAre;

class SchedulerContract : public EnvironmentContract {};
INSTANTIATE_TEST_SUITE_P(World, SchedulerContract, testing::ValuesIn(world_kinds()), world_name);

TEST_P(SchedulerContract, AnUnparkBeforeTheParkIsRememberedOnce) {
    in_world([](Runtime& runtime) {
        Scheduler& scheduler = runtime.scheduler;
        scheduler.unpark(*detail::running_fiber());
        scheduler.unpark(*detail::running_fiber());
        EXPECT_EQ(scheduler.park(already_past(runtime)), Wake::notified);
        EXPECT_EQ(scheduler.park(already_past(runtime)), Wake::timed_out);
    });
}

TEST_P(SchedulerContract, AnUnparkOfAFiberThatIsReadyIsRemembered) {
    in_world([](Runtime& runtime) {
        detail::Fiber* fiber = nullptr;
        std::vector<Wake> wakes;
        while_waiting(runtime, {[&] {
                          fiber = detail::running_fiber();
                          for (int park = 0; park < 3; ++park)
                              wakes.push_back(runtime.scheduler.park(runtime.after(5ms)));
                      }},
                      [&](TaskGroup&) {
                          runtime.scheduler.unpark(*fiber);
                          runtime.scheduler.unpark(*fiber);
                          EXPECT_TRUE(wakes.empty()) << "unpark() must not switch fibers";
                      });
        EXPECT_THAT(wakes, ElementsAre(Wake::notified, Wake::notified, Wake::timed_out));
    });
}

TEST_P(SchedulerContract, SpawningDoesNotRunTheFiberYet) {
    in_world([](Runtime& runtime) {
        TaskGroup group(runtime.scheduler);
        bool ran = false;
        group.spawn([&] { ran = true; });
        EXPECT_FALSE(ran);
        EXPECT_EQ(group.size(), 1u);
        group.join();
        EXPECT_TRUE(ran);
    });
}

TEST_P(SchedulerContract, DeadlinesFireInOrderAndNeverEarly) {
    in_world([](Runtime& runtime) {
        TaskGroup group(runtime.scheduler);
        std::vector<int> order;
        const TimePoint begin = runtime.clock.now();
        for (const int length : {9, 3, 12, 6, 0})
            group.spawn([&, length] {
                const Deadline deadline(begin + std::chrono::milliseconds(length));
                EXPECT_EQ(runtime.scheduler.park(deadline), Wake::timed_out);
                EXPECT_TRUE(deadline.passed(runtime.clock.now()));
                order.push_back(length);
            });
        group.join();
        EXPECT_THAT(order, ElementsAre(0, 3, 6, 9, 12));
    });
}

TEST_P(SchedulerContract, EqualDeadlinesAllFire) {
    in_world([](Runtime& runtime) {
        TaskGroup group(runtime.scheduler);
        int fired = 0;
        const Deadline deadline = runtime.after(3ms);
        for (int fiber = 0; fiber < 50; ++fiber)
            group.spawn([&] { fired += runtime.scheduler.park(deadline) == Wake::timed_out; });
        group.join();
        EXPECT_EQ(fired, 50);
    });
}

TEST_P(SchedulerContract, ADeadlineThatIsNoLongerWaitedForHasNoEffect) {
    in_world([](Runtime& runtime) {
        detail::Fiber* fiber = nullptr;
        std::vector<Wake> wakes;
        while_waiting(runtime, {[&] {
                          fiber = detail::running_fiber();
                          wakes.push_back(runtime.scheduler.park(runtime.after(5ms)));
                          wakes.push_back(runtime.scheduler.park(Deadline::never()));
                      }},
                      [&](TaskGroup&) {
                          runtime.scheduler.unpark(*fiber);
                          EXPECT_TRUE(sleep_for(runtime, 10ms));
                          EXPECT_THAT(wakes, ElementsAre(Wake::notified));
                          runtime.scheduler.unpark(*fiber);
                      });
        EXPECT_THAT(wakes, ElementsAre(Wake::notified, Wake::notified));
    });
}

TEST_P(SchedulerContract, ParkReturnsCancelledEveryTimeWhateverElseHappens) {
    in_world([](Runtime& runtime) {
        Scheduler& scheduler = runtime.scheduler;
        while_waiting(runtime, {[&] {
                          EXPECT_EQ(scheduler.park(Deadline::never()), Wake::cancelled);
                          scheduler.unpark(*detail::running_fiber());
                          EXPECT_EQ(scheduler.park(Deadline::never()), Wake::cancelled);
                          EXPECT_EQ(scheduler.park(already_past(runtime)), Wake::cancelled);
                          EXPECT_FALSE(sleep_for(runtime, 1h));
                      }},
                      [](TaskGroup& group) {
                          EXPECT_FALSE(group.cancelled());
                          group.cancel();
                          EXPECT_TRUE(group.cancelled());
                      });
    });
}

TEST_P(SchedulerContract, ACancellationCountsAlsoForAFiberThatWasWokenButHasNotRun) {
    in_world([](Runtime& runtime) {
        detail::Fiber* fiber = nullptr;
        Wake wake{};
        while_waiting(runtime, {[&] {
                          fiber = detail::running_fiber();
                          wake = runtime.scheduler.park(Deadline::never());
                      }},
                      [&](TaskGroup& group) {
                          runtime.scheduler.unpark(*fiber);
                          group.cancel();
                      });
        EXPECT_EQ(wake, Wake::cancelled);
    });
}

// What was handed over stays handed over: otherwise a cancellation would lose it.
TEST_P(SchedulerContract, ALockThatWasGrantedIsHeldThoughACancellationFollowed) {
    in_world([](Runtime& runtime) {
        FiberMutex mutex(runtime.scheduler);
        EXPECT_EQ(mutex.lock(Deadline::never()), Wake::notified);
        Wake wake{};
        while_waiting(runtime, {[&] { wake = mutex.lock(Deadline::never()); }},
                      [&](TaskGroup& group) {
                          mutex.unlock();
                          group.cancel();
                      });
        EXPECT_EQ(wake, Wake::notified);
        EXPECT_TRUE(mutex.locked());
    });
}

TEST_P(SchedulerContract, AFiberOfACancelledGroupRunsAndFindsItselfCancelled) {
    in_world([](Runtime& runtime) {
        TaskGroup group(runtime.scheduler);
        group.cancel();
        Wake wake{};
        group.spawn([&] { wake = runtime.scheduler.park(Deadline::never()); });
        group.join();
        EXPECT_EQ(wake, Wake::cancelled);
    });
}

TEST_P(SchedulerContract, JoinWaitsForFibersThatSpawnMore) {
    in_world([](Runtime& runtime) {
        TaskGroup group(runtime.scheduler);
        int ended = 0;
        group.spawn([&] {
            EXPECT_TRUE(sleep_for(runtime, 1ms));
            for (int fiber = 0; fiber < 10; ++fiber)
                group.spawn([&] {
                    EXPECT_TRUE(sleep_for(runtime, 1ms));
                    ++ended;
                });
        });
        group.join();
        EXPECT_EQ(ended, 10);
        EXPECT_EQ(group.size(), 0u);
        group.join();
        group.spawn([&] { ++ended; });
        group.join();
        EXPECT_EQ(ended, 11);
    });
}

TEST_P(SchedulerContract, ACancelledJoinerStillWaitsAndIsCancelledAfterwards) {
    in_world([](Runtime& runtime) {
        bool ended = false;
        while_waiting(runtime, {[&] {
                          TaskGroup inner(runtime.scheduler);
                          inner.spawn([&] {
                              EXPECT_TRUE(sleep_for(runtime, 5ms));
                              ended = true;
                          });
                          inner.join();
                          EXPECT_TRUE(ended);
                          EXPECT_EQ(runtime.scheduler.park(Deadline::never()), Wake::cancelled);
                      }},
                      [](TaskGroup& group) { group.cancel(); });
        EXPECT_TRUE(ended);
    });
}

TEST_P(SchedulerContract, TheClockNeverGoesBack) {
    in_world([](Runtime& runtime) {
        TimePoint last = runtime.clock.now();
        for (int round = 0; round < 2000; ++round) {
            if (round % 100 == 0) runtime.scheduler.park(runtime.after(100us));
            const TimePoint now = runtime.clock.now();
            ASSERT_GE(now, last);
            last = now;
        }
    });
}

TEST_P(SchedulerContract, AfterCountsFromNowAndSaturates) {
    in_world([](Runtime& runtime) {
        const TimePoint before = runtime.clock.now();
        const Deadline deadline = runtime.after(1s);
        EXPECT_GE(deadline.at(), before + 1s);
        EXPECT_LE(deadline.at(), runtime.clock.now() + 1s);
        EXPECT_TRUE(runtime.after(0s).passed(runtime.clock.now()));
        EXPECT_TRUE(runtime.after(-1s).passed(runtime.clock.now()));
        EXPECT_TRUE(runtime.after(Duration::max()).is_never());
    });
}

}  // namespace
}  // namespace conclave::contract
