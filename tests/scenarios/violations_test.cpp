#include <gtest/gtest.h>

#include <set>

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
                    Duty{"redis/violations/r7", 3}, Duty{"redis/violations/r1_wait", 3},
                    Duty{"redis/violations/r2_min_replicas", 3},
                    Duty{"redis/violations/replica_wipe", 3}, Duty{"file/violations/f1", 3},
                    Duty{"file/violations/f1_skew", 3}, Duty{"file/violations/w48_clock_step", 5},
                    Duty{"redis/matrix/lock_dies", 3}, Duty{"redis/matrix/lock_tenfold", 3},
                    Duty{"redis/matrix/group_tenfold", 3}, Duty{"file/matrix/group_tenfold", 3}));

INSTANTIATE_TEST_SUITE_P(
    Swarm, Duties,
    testing::Values(Duty{"redis/swarm_master_loss", 200}, Duty{"redis/swarm_partition", 200},
                    Duty{"redis/swarm_pause", 200}, Duty{"redis/lock_failover", 100},
                    Duty{"redis/lock_failover_wait", 100},
                    Duty{"redis/leader_failover", 100}, Duty{"redis/lock_clock_drift_beyond", 100},
                    Duty{"redis/leader_clock_drift_beyond", 100}));

/// Record locks are freed by their owner's death and by nothing else.
TEST(NonTimeoutBased, IsHeldByRecordLocksWhoseOwnersDie) {
    std::set<std::string> held;
    for (const char* name :
         {"file/matrix/lock_dies", "file/matrix/leader_dies", "file/matrix/lock_tenfold"})
        for (std::uint64_t seed = 1; seed <= 5; ++seed) {
            const RunResult run = run_plan(draw_plan(builtin(name), "file", seed));
            for (const char* property :
                 {"prompt_release", "non_timeout_based", "loss_without_timers"}) {
                const Judgement* const each = judgement(run, property);
                if (!each) continue;
                EXPECT_NE(each->verdict.outcome, properties::Outcome::violated)
                    << name << ' ' << seed << ' ' << each->verdict.reason;
                if (each->verdict.outcome == properties::Outcome::held)
                    held.insert(std::string(name) + " " + property);
            }
        }
    EXPECT_EQ(held, (std::set<std::string>{"file/matrix/lock_dies non_timeout_based",
                                           "file/matrix/lock_dies prompt_release",
                                           "file/matrix/leader_dies non_timeout_based",
                                           "file/matrix/leader_dies prompt_release",
                                           "file/matrix/lock_tenfold non_timeout_based",
                                           "file/matrix/lock_tenfold loss_without_timers"}));
}

/// A pause that the healing ends is as short as it was: no record lock is lost to one.
TEST(NonTimeoutBased, APauseEndsWithTheHealing) {
    for (const char* name : {"file/matrix/lock_stands_still", "file/matrix/leader_stands_still"}) {
        std::uint64_t held = 0;
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
            const RunResult run = run_plan(draw_plan(builtin(name), "file", seed));
            const properties::Verdict& verdict = judgement(run, "non_timeout_based")->verdict;
            EXPECT_NE(verdict.outcome, properties::Outcome::violated) << seed << verdict.reason;
            held += verdict.outcome == properties::Outcome::held;
        }
        EXPECT_GT(held, 0u) << name;
    }
    const RunResult found =
        run_plan(draw_plan(builtin("file/matrix/lock_stands_still"), "file", 2979917931));
    EXPECT_FALSE(violated(found, "non_timeout_based"));
}

// Clocks that stand still with their machine hide the end of the lease from the driver, not from the
// resource.
TEST(VirtualMachines, OnlyTheTokenHelpsAgainstTheirRestoration) {
    const Scenario scenario = builtin("redis/lock_vm_restore");
    int told_too_late = 0;
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        const RunResult run = run_plan(draw_plan(scenario, "redis", seed));
        told_too_late += violated(run, "exclusion") ? 1 : 0;
        for (const char* property : {"fencing", "fenced_effects"})
            EXPECT_FALSE(violated(run, property)) << property << " seed " << seed;
        EXPECT_GT(judgement(run, "fenced_effects")->verdict.cases, 0u) << seed;
    }
    EXPECT_GT(told_too_late, 0);
}

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
                         testing::Values("redis/control/lock_no_fault",
                                         "redis/control/lock_single",
                                         "redis/control/leader_single",
                                         "redis/control/lock_odd_partitions",
                                         "redis/control/lock_disk_full",
                                         "redis/control/power_loss_fsync_always",
                                         "redis/control/wait_same_connection",
                                         "redis/control/replica_read_same_clock",
                                         "redis/control/wait_every_replica",
                                         "redis/control/wait_longest_history",
                                         "redis/control/wait_minority_master",
                                         "redis/control/wait_minority_renewal",
                                         "redis/control/lock_sentinel_quiet",
                                         "file/control/lock_no_fault",
                                         "file/w51_two_creators",
                                         "file/w52_names_that_escape"));

}  // namespace
}  // namespace conclave::scenarios
