// Clocks: offset, rate, steps, wall clocks, and what stands still when a host does.

#include <gtest/gtest.h>

#include "support.hpp"

namespace conclave::sim {
namespace {

TimePoint at_local(Duration since_epoch) { return TimePoint(since_epoch); }

TEST(ProcessClock, StartsAtItsOffset) {
    Pair pair;
    Process& process = pair.add_server([](Process&) {}, {.clock_offset = 7s});
    pair.run_for(3s);
    EXPECT_EQ(process.runtime().clock.now(), at_local(10s));
    EXPECT_EQ(process.to_world(at_local(12s)), at_time(5s));
    EXPECT_EQ(process.to_local(at_time(5s)), at_local(12s));
}

TEST(ProcessClock, RunsAtItsRate) {
    Pair pair;
    WorldTime woke{};
    Process& process = pair.add_server(
        [&](Process& self) {
            sleep_for(self.runtime(), 10s);
            woke = pair.world.now();
        },
        {.clock_rate_ppm = 250'000});
    pair.run_for(100s);
    EXPECT_EQ(woke, at_time(8s));
    EXPECT_EQ(process.runtime().clock.now(), at_local(125s));
}

TEST(ProcessClock, AChangeOfRateMovesPendingDeadlines) {
    Pair pair;
    WorldTime woke{};
    Process& process = pair.add_server([&](Process& self) {
        sleep_for(self.runtime(), 10s);
        woke = pair.world.now();
    });
    pair.world.at(at_time(5s), [&] { process.set_clock_rate_ppm(-500'000); });
    pair.run_for(100s);
    EXPECT_EQ(woke, at_time(15s));
}

// Whoever writes down when a belief ended may ask after the clock has changed.
TEST(ProcessClock, KnowsWhenItShowedWhatWasBeforeItsChanges) {
    Pair pair;
    Process& process = pair.add_server([](Process&) {});
    pair.world.at(at_time(4s), [&] { process.set_clock_rate_ppm(-500'000); });
    pair.world.at(at_time(8s), [&] { process.step_clock(1min); });
    pair.world.at(at_time(10s), [&] { process.set_clock_rate_ppm(0); });
    pair.run_for(20s);
    EXPECT_EQ(process.to_world(at_local(3s)), at_time(3s));
    EXPECT_EQ(process.to_world(at_local(5s)), at_time(6s));
    EXPECT_EQ(process.to_world(at_local(30s)), at_time(8s)) << "it was skipped";
    EXPECT_EQ(process.to_world(at_local(66500ms)), at_time(9s));
    EXPECT_EQ(process.to_world(at_local(70s)), at_time(13s));
}

TEST(ProcessClock, AStepMakesDeadlinesDue) {
    Pair pair;
    WorldTime woke{};
    Process& process = pair.add_server([&](Process& self) {
        sleep_for(self.runtime(), 10s);
        woke = pair.world.now();
    });
    pair.world.at(at_time(4s), [&] { process.step_clock(1min); });
    pair.run_for(100s);
    EXPECT_EQ(woke, at_time(4s));
}

TEST(ProcessClock, NeverReachesADeadlineEarlyAtAnOddRate) {
    for (const int rate : {1, -1, 333, -77'777}) {
        Pair pair;
        TimePoint woke{}, deadline{};
        pair.add_server(
            [&](Process& self) {
                deadline = self.runtime().after(1s + 1ns).at();
                sleep_until(self.runtime(), Deadline(deadline));
                woke = self.runtime().clock.now();
            },
            {.clock_rate_ppm = rate});
        pair.run_for(10s);
        EXPECT_GE(woke, deadline);
        EXPECT_LE(woke, deadline + 2ns);
    }
}

TEST(WallClock, DiffersByHostAndJumpsBothWays) {
    World world;
    Host& ahead = world.add_host("ahead", {.wall_offset = 1h});
    Process& process = world.add_process(ahead, "p", [](Process&) {});
    world.run_until(at_time(5s));
    const WallTime before = process.runtime().wall_clock.now();
    EXPECT_EQ(before.nanoseconds, Duration(1h + 5s).count());
    ahead.step_wall_clock(-30min);
    EXPECT_EQ(process.runtime().wall_clock.now().nanoseconds, Duration(30min + 5s).count());
    EXPECT_EQ(process.runtime().clock.now(), at_local(5s));
}

TEST(ProcessClock, RunsWhileItsHostSleeps) {
    Pair pair;
    TimePoint woke{};
    pair.add_server([&](Process& self) {
        sleep_for(self.runtime(), 10s);
        woke = self.runtime().clock.now();
    });
    pair.world.at(at_time(5s), [&] { pair.server_host.suspend(); });
    pair.world.at(at_time(60s), [&] { pair.server_host.resume(); });
    pair.run_for(100s);
    EXPECT_EQ(woke, at_local(60s));
}

TEST(ProcessClock, StandsStillInASnapshotOfItsMachine) {
    Pair pair;
    TimePoint woke{};
    WallTime wall{};
    pair.add_server([&](Process& self) {
        sleep_for(self.runtime(), 10s);
        woke = self.runtime().clock.now();
        wall = self.runtime().wall_clock.now();
    });
    pair.world.at(at_time(5s), [&] { pair.server_host.suspend(Suspension::vm_snapshot); });
    pair.world.at(at_time(60s), [&] { pair.server_host.resume(); });
    pair.run_for(100s);
    EXPECT_EQ(woke, at_local(10s));
    EXPECT_EQ(wall.nanoseconds, Duration(10s).count());
    EXPECT_EQ(pair.world.now(), at_time(100s));
}

}  // namespace
}  // namespace conclave::sim
