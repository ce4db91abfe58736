// The loop itself: deadlines, fairness, what is left behind.

#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "conclave/asio_runtime.hpp"
#include "conclave/error.hpp"
#include "conclave/fiber.hpp"
#include "conclave/sync.hpp"

namespace conclave {
namespace {

using std::chrono::milliseconds;

TEST(RunOnThisThread, RethrowsWhatTheMainFiberThrows) {
    EXPECT_THROW(run_on_this_thread([](Runtime&) { throw BadOption("no"); }), BadOption);
}

TEST(RunOnThisThread, RunsOnAFiberThatMayPark) {
    bool rested = false;
    run_on_this_thread([&](Runtime& runtime) { rested = sleep_for(runtime, milliseconds(1)); });
    EXPECT_TRUE(rested);
}

TEST(AsioScheduler, DeadlinesFireInOrderAndNeverEarly) {
    run_on_this_thread([](Runtime& runtime) {
        TaskGroup group(runtime.scheduler);
        std::vector<int> order;
        for (const int length : {9, 3, 6})
            group.spawn([&, length] {
                const Deadline deadline = runtime.after(milliseconds(length));
                EXPECT_EQ(runtime.scheduler.park(deadline), Wake::timed_out);
                EXPECT_TRUE(deadline.passed(runtime.clock.now()));
                order.push_back(length);
            });
        group.join();
        EXPECT_EQ(order, (std::vector<int>{3, 6, 9}));
    });
}

TEST(AsioScheduler, AnUnparkBeforeTheParkIsRemembered) {
    run_on_this_thread([](Runtime& runtime) {
        runtime.scheduler.unpark(*detail::running_fiber());
        EXPECT_EQ(runtime.scheduler.park(Deadline::never()), Wake::notified);
        EXPECT_EQ(runtime.scheduler.park(runtime.after(milliseconds(1))), Wake::timed_out);
    });
}

TEST(AsioScheduler, ParkReturnsCancelledEveryTimeAfterACancellation) {
    run_on_this_thread([](Runtime& runtime) {
        TaskGroup group(runtime.scheduler);
        group.spawn([&] {
            EXPECT_EQ(runtime.scheduler.park(Deadline::never()), Wake::cancelled);
            EXPECT_EQ(runtime.scheduler.park(Deadline::never()), Wake::cancelled);
        });
        EXPECT_TRUE(sleep_for(runtime, milliseconds(1)));
        group.cancel();
        group.join();
    });
}

TEST(AsioScheduler, FibersThatWakeEachOtherDoNotHoldUpDeadlines) {
    run_on_this_thread([](Runtime& runtime) {
        TaskGroup group(runtime.scheduler);
        Channel<int> there(runtime.scheduler, 1);
        Channel<int> back(runtime.scheduler, 1);
        group.spawn([&] {
            while (const auto ball = there.receive(Deadline::never()))
                if (back.send(*ball, Deadline::never()) != Wake::notified) return;
        });
        group.spawn([&] {
            while (there.send(1, Deadline::never()) == Wake::notified)
                if (!back.receive(Deadline::never())) return;
        });
        EXPECT_TRUE(sleep_for(runtime, milliseconds(5)));
        group.cancel();
        group.join();
    });
}

TEST(SystemRandom, DoesNotRepeatItself) {
    run_on_this_thread([](Runtime& runtime) {
        std::set<std::uint64_t> seen;
        for (int i = 0; i < 1000; ++i) seen.insert(runtime.random.next());
        EXPECT_EQ(seen.size(), 1000u);
    });
}

}  // namespace
}  // namespace conclave
