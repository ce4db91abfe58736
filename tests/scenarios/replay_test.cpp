#include <gtest/gtest.h>

#include "support.hpp"

namespace conclave::scenarios {
namespace {

class Replay : public testing::TestWithParam<const char*> {};

TEST_P(Replay, OfASavedPlanIsExact) {
    const Scenario scenario = builtin(GetParam());
    const Plan drawn = draw_plan(scenario, scenario.drivers.front(), 11);
    const RunResult first = run_plan(drawn);
    const Plan saved = parse_plan(to_text(drawn), "saved.plan");
    const RunResult again = run_plan(saved);
    EXPECT_EQ(first.trace_hash, again.trace_hash);
    EXPECT_EQ(first.steps, again.steps);
    ASSERT_EQ(first.judgements.size(), again.judgements.size());
    for (std::size_t i = 0; i < first.judgements.size(); ++i) {
        EXPECT_EQ(first.judgements[i].verdict.outcome, again.judgements[i].verdict.outcome);
        EXPECT_EQ(first.judgements[i].verdict.reason, again.judgements[i].verdict.reason);
    }
}

TEST_P(Replay, AFaultLessIsAnotherRun) {
    const Scenario scenario = builtin(GetParam());
    Plan plan = draw_plan(scenario, scenario.drivers.front(), 11);
    const std::uint64_t whole = run_plan(plan).trace_hash;
    ASSERT_FALSE(plan.faults.empty());
    plan.faults.pop_back();
    EXPECT_NE(run_plan(plan).trace_hash, whole);
}

INSTANTIATE_TEST_SUITE_P(Some, Replay,
                         testing::Values("redis/lock_partition", "redis/lock_failover",
                                         "redis/leader_lost_reply", "redis/group_pause"));

}  // namespace
}  // namespace conclave::scenarios
