// Who runs next, and what keeps a run alive.

#include <gtest/gtest.h>

#include <set>

#include "support.hpp"

namespace conclave::sim {
namespace {

/// The order in which five fibers that are ready at the same instants take their turns.
std::string order_of_turns(WorldOptions options, int rounds) {
    Pair pair(options);
    std::string order;
    pair.add_server([&](Process& process) {
        for (char letter = 'a'; letter < 'f'; ++letter)
            process.tasks().spawn([&process, &order, letter, rounds] {
                for (int round = 0; round < rounds; ++round) {
                    sleep_until(process.runtime(), Deadline(TimePoint(1s * (round + 1))));
                    order.push_back(letter);
                }
            });
    });
    pair.run_for(1h);
    return order;
}

class Choices : public testing::TestWithParam<bool> {};

TEST_P(Choices, TheSeedDecidesTheOrderOfReadyFibers) {
    std::set<std::string> orders;
    for (std::uint64_t seed = 0; seed < 20; ++seed)
        orders.insert(order_of_turns({.seed = seed, .priority_scheduling = GetParam()}, 1));
    EXPECT_GT(orders.size(), 10u);
}

TEST_P(Choices, OneSeedGivesOneOrder) {
    const WorldOptions options{.seed = 11, .priority_scheduling = GetParam()};
    EXPECT_EQ(order_of_turns(options, 20), order_of_turns(options, 20));
}

/// Parks until the same instant.
void yield(Process& process) {
    sleep_until(process.runtime(), Deadline(process.runtime().clock.now()));
}

TEST_P(Choices, WhoYieldsWithoutEndKeepsNobodyOut) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        Pair pair({.seed = seed, .priority_scheduling = GetParam()});
        bool told = false;
        pair.add_server([&](Process& process) {
            process.tasks().spawn([&] {
                while (!told) yield(process);
            });
            process.tasks().spawn([&] {
                yield(process);
                told = true;
            });
        });
        pair.run_for(1s);
        EXPECT_TRUE(told);
    }
}

INSTANTIATE_TEST_SUITE_P(RandomAndByPriority, Choices, testing::Bool());

int changes_of_order(std::uint64_t seed, std::uint64_t points) {
    constexpr int rounds = 400;
    const std::string order = order_of_turns({.seed = seed,
                                              .priority_scheduling = true,
                                              .priority_changes = points,
                                              .priority_choices = 4 * rounds},
                                             rounds);
    int changes = 0;
    for (std::size_t at = 5; at + 5 <= order.size(); at += 5)
        changes += order.substr(at, 5) != order.substr(at - 5, 5);
    return changes;
}

// One that was last already stays where it is, so a change point need not show.
TEST(PriorityScheduling, KeepsOneOrderButForItsChangePoints) {
    int most = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        EXPECT_EQ(changes_of_order(seed, 0), 0);
        // The round of a change is of neither order.
        EXPECT_LE(changes_of_order(seed, 3), 6);
        most = std::max(most, changes_of_order(seed, 3));
    }
    EXPECT_GE(most, 3);
}

TEST(World, ADeadlineNobodyWaitsForDoesNotKeepARunAlive) {
    Pair pair;
    pair.add_echo_server();
    pair.add_client([](Process& process, Connection& connection) {
        connection.write_all("x", process.runtime().after(1h));
        read_exactly(connection, 1, process.runtime().after(1h));
    });
    EXPECT_FALSE(pair.world.run_while([] { return true; }, at_time(2h)));
    EXPECT_TRUE(pair.world.idle());
    EXPECT_LT(pair.world.now(), at_time(1s));
}

TEST(World, RunsWhileAConditionHoldsAndNoFurther) {
    Pair pair;
    int ticks = 0;
    pair.add_server([&](Process& process) {
        for (;; ++ticks) sleep_for(process.runtime(), 1s);
    });
    EXPECT_TRUE(pair.world.run_while([&] { return ticks < 3; }, at_time(1h)));
    EXPECT_EQ(pair.world.now(), at_time(3s));
    EXPECT_FALSE(pair.world.run_while([] { return true; }, at_time(10s)));
    EXPECT_EQ(pair.world.now(), at_time(10s));
}

TEST(World, ARunInWhichTimeStandsStillIsAnError) {
    Pair pair;
    pair.add_server([&](Process& process) {
        sleep_for(process.runtime(), 1s);
        for (;;) yield(process);
    });
    try {
        pair.run_for(1h);
        FAIL() << "it ended";
    } catch (const std::runtime_error& error) {
        EXPECT_STREQ(error.what(),
                     "time stands still at 1000000000 ns: 10000000 steps, and there is always one "
                     "more at this instant");
    }
}

TEST(World, RunsActionsAtTheirTime) {
    World world;
    std::vector<WorldTime> times;
    world.at(at_time(2s), [&] { times.push_back(world.now()); });
    world.at(at_time(1s), [&] {
        times.push_back(world.now());
        world.at(at_time(0s), [&] { times.push_back(world.now()); });
    });
    world.run_until(at_time(5s));
    EXPECT_EQ(times, (std::vector{at_time(1s), at_time(1s), at_time(2s)}));
}

}  // namespace
}  // namespace conclave::sim
