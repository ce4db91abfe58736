#include <gtest/gtest.h>

#include "support.hpp"

namespace conclave::scenarios {
namespace {

/// Scenarios that exist to show a violation: each duty must be met within so many seeds.
struct Duty {
    const char* scenario;
    std::uint64_t seeds;
};
class Duties : public testing::TestWithParam<Duty> {};
class Controls : public testing::TestWithParam<const char*> {};

TEST_P(Duties, AreFoundAndNotClaimed) {
    const Scenario scenario = builtin(GetParam().scenario);
    ASSERT_FALSE(scenario.must_violate.empty());
    for (const std::string& property : scenario.must_violate) {
        const std::uint64_t seed = first_violation(scenario, property, GetParam().seeds);
        ASSERT_NE(seed, 0u) << property;
        const RunResult run = run_plan(draw_plan(scenario, scenario.drivers.front(), seed));
        EXPECT_FALSE(judgement(run, property)->claimed) << property;
        EXPECT_FALSE(judgement(run, property)->last_events.empty());
    }
}

INSTANTIATE_TEST_SUITE_P(
    Scripted, Duties,
    testing::Values(Duty{"redis/violations/r1", 3}, Duty{"redis/violations/r2", 3},
                    Duty{"redis/violations/r3", 3}, Duty{"redis/violations/r4", 3},
                    Duty{"redis/violations/r5", 3}, Duty{"redis/violations/r6", 3},
                    Duty{"redis/violations/r7", 3},
                    Duty{"redis/violations/r1_wait", 3},
                    Duty{"redis/violations/r2_min_replicas", 3},
                    Duty{"file/violations/f1", 3}, Duty{"file/violations/f1_skew", 3},
                    Duty{"file/violations/w48_clock_step", 5}));

INSTANTIATE_TEST_SUITE_P(
    Swarm, Duties,
    testing::Values(Duty{"redis/swarm_master_loss", 200}, Duty{"redis/swarm_partition", 200},
                    Duty{"redis/swarm_pause", 200}, Duty{"redis/lock_failover", 100},
                    Duty{"redis/lock_failover_wait", 100},
                    Duty{"redis/leader_failover", 100}, Duty{"redis/lock_clock_drift_beyond", 100},
                    Duty{"redis/leader_clock_drift_beyond", 100}));

/// A control takes away what a violation needs. It has to show that it looked: undecided is no
/// evidence.
TEST_P(Controls, HoldInEveryProperty) {
    const Scenario scenario = builtin(GetParam());
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        const RunResult run = run_plan(draw_plan(scenario, scenario.drivers.front(), seed));
        for (const Judgement& each : run.judgements) {
            EXPECT_EQ(each.verdict.outcome, properties::Outcome::held)
                << each.verdict.property << " seed " << seed << ' ' << each.verdict.reason;
            EXPECT_GT(each.verdict.cases, 0u) << each.verdict.property;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Scripted, Controls,
                         testing::Values("redis/control/power_loss_fsync_always",
                                         "redis/control/wait_same_connection",
                                         "redis/control/replica_read_same_clock",
                                         "redis/control/wait_every_replica",
                                         "redis/control/wait_minority_master",
                                         "redis/control/wait_minority_renewal",
                                         "redis/control/lock_sentinel_quiet",
                                         "file/control/lock_no_fault",
                                         "file/w51_two_creators",
                                         "file/w52_names_that_escape"));

}  // namespace
}  // namespace conclave::scenarios
