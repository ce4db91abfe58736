// The fiber core: what one fiber does must not show in another, and a killed one unwinds whole.

#include "conclave/fiber.hpp"

#include <gtest/gtest.h>

#include <exception>
#include <stdexcept>
#include <string>
#include <vector>

#include "allocation_count.hpp"
#include "conclave/sync.hpp"
#include "manual_scheduler.hpp"

namespace conclave {
namespace {

using testing::ManualScheduler;

class Fibers : public ::testing::Test {
protected:
    ManualScheduler scheduler;
    TaskGroup group{scheduler};

    /// Killed with the scheduler still alive, so that the group is empty when it is destroyed.
    void TearDown() override { scheduler.kill_all(); }
};

TEST_F(Fibers, TakeTurnsWhereTheyYield) {
    std::string order;
    for (const char name : {'a', 'b'})
        group.spawn([&, name] {
            for (int round = 0; round < 3; ++round) {
                order += name;
                scheduler.yield();
            }
        });
    scheduler.run();
    EXPECT_EQ(order, "ababab");
    EXPECT_EQ(scheduler.core().live(), 0u);
}

TEST_F(Fibers, KnowWhichOneIsRunning) {
    EXPECT_EQ(detail::running_fiber(), nullptr);
    detail::Fiber* seen = nullptr;
    group.spawn([&] { seen = detail::running_fiber(); });
    scheduler.run();
    EXPECT_NE(seen, nullptr);
    EXPECT_EQ(detail::running_core(), nullptr);
}

TEST_F(Fibers, OfTwoCoresNestOnOneThread) {
    int inner_runs = 0;
    group.spawn([&] {
        ManualScheduler inner;
        TaskGroup inner_group(inner);
        inner_group.spawn([&] {
            ++inner_runs;
            inner.yield();
            ++inner_runs;
        });
        inner.run();
        EXPECT_EQ(detail::running_core(), &scheduler.core());
    });
    scheduler.run();
    EXPECT_EQ(inner_runs, 2);
}

// Both are parked inside a catch block and go on in an order that mixes their handlers.
TEST_F(Fibers, RethrowTheirOwnException) {
    std::vector<std::string> rethrown;
    for (const char* name : {"first", "second"})
        group.spawn([&, name] {
            try {
                try {
                    throw std::runtime_error(name);
                } catch (const std::runtime_error&) {
                    scheduler.yield();
                    throw;
                }
            } catch (const std::runtime_error& error) {
                rethrown.push_back(error.what());
            }
        });
    scheduler.run();
    EXPECT_EQ(rethrown, (std::vector<std::string>{"first", "second"}));
}

TEST_F(Fibers, KeepTheirExceptionsApartOverManyInterleavedThrows) {
    constexpr int fibers = 50;
    constexpr int throws_per_fiber = 500;
    int right = 0;
    for (int id = 0; id < fibers; ++id)
        group.spawn([&, id] {
            for (int round = 0; round < throws_per_fiber; ++round) {
                const int thrown = id * throws_per_fiber + round;
                try {
                    throw thrown;
                } catch (int) {
                    if ((id + round) % 3 == 0) scheduler.yield();
                    try {
                        throw;
                    } catch (int caught) {
                        right += caught == thrown ? 1 : 0;
                    }
                }
                scheduler.yield();
            }
        });
    scheduler.run();
    EXPECT_EQ(right, fibers * throws_per_fiber);
}

TEST_F(Fibers, AreFreshAfterOneEndedInsideACatchBlock) {
    group.spawn([] {
        try {
            throw std::runtime_error("left behind");
        } catch (const std::runtime_error&) {
            return;
        }
    });
    scheduler.run();
    bool clean = false;
    group.spawn([&] { clean = std::current_exception() == nullptr; });
    scheduler.run();
    EXPECT_TRUE(clean);
}

struct Mark {
    std::string& log;
    char name;
    ~Mark() { log += name; }
};

TEST_F(Fibers, UnwindEveryFrameWhenKilledAndNewestFirst) {
    std::string log;
    for (const char name : {'a', 'b'})
        group.spawn([&, name] {
            Mark outer{log, name};
            Mark inner{log, static_cast<char>(name - 'a' + 'A')};
            scheduler.park(Deadline::never());
            log += '!';
        });
    scheduler.run();
    scheduler.kill_all();
    EXPECT_EQ(log, "BbAa");
    EXPECT_EQ(scheduler.core().live(), 0u);
    EXPECT_EQ(group.size(), 0u);
}

TEST_F(Fibers, CannotSwallowTheirEndForGood) {
    int swallowed = 0;
    bool escaped = false;
    group.spawn([&] {
        for (int attempt = 0; attempt < 3; ++attempt) {
            try {
                scheduler.park(Deadline::never());
            } catch (...) {
                ++swallowed;
            }
        }
        scheduler.park(Deadline::never());
        escaped = true;
    });
    scheduler.run();
    scheduler.kill_all();
    EXPECT_EQ(swallowed, 3);
    EXPECT_FALSE(escaped);
}

TEST_F(Fibers, AreNotStoppedByHandlersOfOrdinaryExceptions) {
    bool handled = false;
    group.spawn([&] {
        try {
            scheduler.park(Deadline::never());
        } catch (const std::exception&) {
            handled = true;
        }
    });
    scheduler.run();
    scheduler.kill_all();
    EXPECT_FALSE(handled);
}

// What the standard calls from a noexcept function, as callbacks of a stop token, cannot be unwound.
TEST_F(Fibers, AreNotUnwoundWhereTheyAreShielded) {
    std::vector<Wake> wakes;
    bool unwound = true;
    group.spawn([&] {
        detail::Fiber& self = *detail::running_fiber();
        [&]() noexcept {
            self.shielded = true;
            for (int i = 0; i < 2; ++i) wakes.push_back(scheduler.park(Deadline::never()));
            self.shielded = false;
        }();
        unwound = false;
        scheduler.park(Deadline::never());
        ADD_FAILURE() << "it went on";
    });
    scheduler.run();
    scheduler.kill_all();
    EXPECT_EQ(wakes, std::vector<Wake>(2, Wake::cancelled));
    EXPECT_FALSE(unwound);
}

TEST_F(Fibers, KilledBeforeTheirFirstRunOnlyDestroyTheirBody) {
    bool ran = false;
    std::string log;
    {
        auto mark = std::make_unique<Mark>(log, 'x');
        group.spawn([&, mark = std::move(mark)] { ran = true; });
    }
    EXPECT_EQ(log, "");
    scheduler.kill_all();
    EXPECT_FALSE(ran);
    EXPECT_EQ(log, "x");
}

struct ParksInDestructor {
    ManualScheduler& scheduler;
    Wake& wake;
    ~ParksInDestructor() { wake = scheduler.park(Deadline::never()); }
};

TEST_F(Fibers, RefuseToParkWhileUnwinding) {
    Wake wake = Wake::notified;
    bool refused = false;
    bool caught = false;
    group.spawn([&] {
        try {
            ParksInDestructor guard{scheduler, wake};
            throw std::runtime_error("unwinding");
        } catch (const std::runtime_error&) {
            caught = true;
        }
        refused = detail::running_fiber()->refused;
    });
    scheduler.run();
    EXPECT_EQ(wake, Wake::cancelled);
    EXPECT_TRUE(refused);
    EXPECT_TRUE(caught);
}

TEST_F(Fibers, RefuseToParkWhileUnwindingFromDeath) {
    Wake wake = Wake::notified;
    group.spawn([&] {
        ParksInDestructor guard{scheduler, wake};
        scheduler.park(Deadline::never());
    });
    scheduler.run();
    scheduler.kill_all();
    EXPECT_EQ(wake, Wake::cancelled);
    EXPECT_EQ(scheduler.core().live(), 0u);
}

TEST_F(Fibers, SpawnAndSwitchWithoutAllocatingOnceStacksArePooled) {
    const auto round = [&] {
        for (int i = 0; i < 32; ++i)
            group.spawn([this, i] {
                if (i % 2 == 0) scheduler.yield();
            });
        scheduler.run();
    };
    round();
    const std::uint64_t before = testing::allocation_count();
    for (int i = 0; i < 100; ++i) round();
    EXPECT_EQ(testing::allocation_count(), before);
}

TEST_F(Fibers, CountFromOneInTheOrderOfTheirSpawning) {
    std::vector<std::uint64_t> ids;
    for (int i = 0; i < 3; ++i) group.spawn([&] { ids.push_back(detail::running_fiber()->id); });
    scheduler.run();
    EXPECT_EQ(ids, (std::vector<std::uint64_t>{1, 2, 3}));
}

TEST_F(Fibers, HaveRoomForMoreThanOneSlab) {
    int ended = 0;
    for (int i = 0; i < 200; ++i)
        group.spawn([&] {
            scheduler.yield();
            ++ended;
        });
    EXPECT_EQ(scheduler.core().live(), 200u);
    scheduler.run();
    EXPECT_EQ(ended, 200);
}

using FibersDeathTest = Fibers;

TEST_F(FibersDeathTest, EndTheProgramWhenAnExceptionEscapes) {
    EXPECT_DEATH(
        {
            group.spawn([] { throw std::runtime_error("nobody catches this"); });
            scheduler.run();
        },
        "nobody catches this");
}

// The guard page below the stack: no silent overwriting of a neighbour.
int recurse(int depth) {
    volatile char frame[1024];
    frame[0] = static_cast<char>(depth);
    return depth == 0 ? frame[0] : recurse(depth - 1) + frame[0];
}

TEST_F(FibersDeathTest, EndTheProgramWhenAStackOverflows) {
    EXPECT_DEATH(
        {
            group.spawn([] { recurse(100000); });
            scheduler.run();
        },
        "");
}

}  // namespace
}  // namespace conclave
