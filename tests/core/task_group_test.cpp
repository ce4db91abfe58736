// Task groups: cancellation reaches every fiber and stays; join() waits for all of them.

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "conclave/fiber.hpp"
#include "conclave/scheduler.hpp"
#include "manual_scheduler.hpp"

namespace conclave {
namespace {

using testing::ManualScheduler;

class TaskGroups : public ::testing::Test {
protected:
    ManualScheduler scheduler;
    TaskGroup outer{scheduler};

    void TearDown() override { scheduler.kill_all(); }
};

TEST_F(TaskGroups, CancelWakesEveryParkedFiberAndStays) {
    std::vector<Wake> wakes;
    for (int i = 0; i < 2; ++i)
        outer.spawn([&] {
            wakes.push_back(scheduler.park(Deadline::never()));
            wakes.push_back(scheduler.park(Deadline::never()));
        });
    scheduler.run();
    EXPECT_TRUE(wakes.empty());
    outer.cancel();
    scheduler.run();
    EXPECT_EQ(wakes, std::vector<Wake>(4, Wake::cancelled));
    EXPECT_EQ(outer.size(), 0u);
}

TEST_F(TaskGroups, CancelReachesFibersSpawnedLater) {
    outer.cancel();
    Wake wake = Wake::notified;
    outer.spawn([&] { wake = scheduler.park(Deadline::never()); });
    scheduler.run();
    EXPECT_EQ(wake, Wake::cancelled);
}

TEST_F(TaskGroups, CancelFromAFiberOfTheGroupReachesItself) {
    Wake wake = Wake::notified;
    outer.spawn([&] {
        outer.cancel();
        wake = scheduler.park(Deadline::never());
    });
    scheduler.run();
    EXPECT_EQ(wake, Wake::cancelled);
}

TEST_F(TaskGroups, JoinReturnsWhenTheLastFiberHasEnded) {
    std::string log;
    outer.spawn([&] {
        TaskGroup inner(scheduler);
        for (int i = 1; i <= 3; ++i)
            inner.spawn([&, i] {
                for (int turn = 0; turn < i; ++turn) scheduler.yield();
                log += std::to_string(i);
            });
        inner.join();
        log += 'j';
    });
    scheduler.run();
    EXPECT_EQ(log, "123j");
}

TEST_F(TaskGroups, JoinOfAnEmptyGroupReturnsAtOnce) {
    bool joined = false;
    outer.spawn([&] {
        TaskGroup inner(scheduler);
        inner.join();
        joined = true;
    });
    scheduler.run();
    EXPECT_TRUE(joined);
}

TEST_F(TaskGroups, JoinSeesCapturesDestroyed) {
    std::string log;
    struct Mark {
        std::string* log;
        explicit Mark(std::string* target) : log(target) {}
        Mark(Mark&& other) noexcept : log(std::exchange(other.log, nullptr)) {}
        ~Mark() {
            if (log) *log += 'd';
        }
    };
    outer.spawn([&] {
        TaskGroup inner(scheduler);
        inner.spawn([mark = Mark(&log)] {});
        inner.join();
        log += 'j';
    });
    scheduler.run();
    EXPECT_EQ(log, "dj");
}

// A spurious return or a busy loop would show in the number of turns.
TEST_F(TaskGroups, ACancelledJoinerStillWaitsAndIsStillCancelled) {
    bool worker_ended = false;
    bool ended_before_join = false;
    Wake after = Wake::notified;
    outer.spawn([&] {
        TaskGroup inner(scheduler);
        inner.spawn([&] {
            for (int turn = 0; turn < 10; ++turn) scheduler.yield();
            worker_ended = true;
        });
        inner.join();
        ended_before_join = worker_ended;
        after = scheduler.park(Deadline::never());
    });
    scheduler.run();
    outer.cancel();
    scheduler.run();
    EXPECT_TRUE(ended_before_join);
    EXPECT_EQ(after, Wake::cancelled);
}

TEST_F(TaskGroups, CancellationDuringJoinIsKeptForLater) {
    Wake after = Wake::notified;
    bool release = false;
    outer.spawn([&] {
        TaskGroup inner(scheduler);
        inner.spawn([&] {
            while (!release) {
                scheduler.yield();
                outer.cancel();
                release = true;
            }
        });
        inner.join();
        EXPECT_EQ(inner.size(), 0u);
        after = scheduler.park(Deadline::never());
    });
    scheduler.run();
    EXPECT_EQ(after, Wake::cancelled);
}

TEST_F(TaskGroups, DieWithTheirProcessInnerFibersFirst) {
    std::string log;
    struct Mark {
        std::string& log;
        char name;
        ~Mark() { log += name; }
    };
    outer.spawn([&] {
        Mark mark{log, 'o'};
        TaskGroup inner(scheduler);
        inner.spawn([&] {
            Mark inner_mark{log, 'i'};
            scheduler.park(Deadline::never());
        });
        inner.join();
    });
    scheduler.run();
    scheduler.kill_all();
    EXPECT_EQ(log, "io");
}

TEST_F(TaskGroups, AFiberSpawnedWhileDyingNeverRuns) {
    bool ran = false;
    struct SpawnsInDestructor {
        TaskGroup& group;
        bool& ran;
        ~SpawnsInDestructor() {
            group.spawn([flag = &ran] { *flag = true; });
        }
    };
    outer.spawn([&] {
        SpawnsInDestructor farewell{outer, ran};
        scheduler.park(Deadline::never());
    });
    scheduler.run();
    scheduler.kill_all();
    EXPECT_FALSE(ran);
    EXPECT_EQ(outer.size(), 0u);
}

TEST_F(TaskGroups, AnUnparkBeforeTheParkIsRemembered) {
    detail::Fiber* fiber = nullptr;
    Wake wake = Wake::cancelled;
    outer.spawn([&] {
        fiber = detail::running_fiber();
        scheduler.yield();
        wake = scheduler.park(Deadline::never());
    });
    outer.spawn([&] { scheduler.unpark(*fiber); });
    scheduler.run();
    EXPECT_EQ(wake, Wake::notified);
}

TEST_F(TaskGroups, AreLeftByAFiberThatEndsTheirOwner) {
    bool ended = false;
    {
        auto inner = std::make_shared<TaskGroup>(scheduler);
        TaskGroup& spawning = *inner;
        spawning.spawn([&ended, this, inner = std::move(inner)]() mutable {
            inner->leave();
            inner.reset();
            ended = scheduler.park(Deadline(TimePoint(std::chrono::seconds(1)))) == Wake::timed_out;
        });
    }
    scheduler.run_all();
    EXPECT_TRUE(ended);
}

TEST(TaskGroupDeathTest, EndsTheProgramWhenDestroyedWithLiveFibers) {
    EXPECT_DEATH(
        {
            ManualScheduler scheduler;
            TaskGroup group(scheduler);
            group.spawn([&] { scheduler.park(Deadline::never()); });
            scheduler.run();
            group.~TaskGroup();
        },
        "assertion failed: size_ == 0 \\[1\\]");
}

}  // namespace
}  // namespace conclave
