// The loop itself: what the main fiber may do, fairness, randomness.

#include <gtest/gtest.h>

#include <set>

#include "conclave/asio_runtime.hpp"
#include "conclave/error.hpp"
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
