// The order of the one simulated Redis explains what its clients were told.

#include <gtest/gtest.h>

#include "support.hpp"

namespace conclave::scenarios {
namespace {

class RunsOnOneRedis : public testing::TestWithParam<const char*> {};

TEST_P(RunsOnOneRedis, AreMostlyExplainedByTheOrderOfItsCommits) {
    const Scenario scenario = builtin(GetParam());
    constexpr std::uint64_t seeds = 12;
    std::uint64_t decided = 0, by_commits = 0;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        const RunResult run = run_plan(draw_plan(scenario, "redis", seed));
        const Judgement* const found = judgement(run, "linearizable");
        ASSERT_NE(found, nullptr);
        if (found->verdict.outcome != properties::Outcome::held) continue;
        ++decided;
        by_commits += found->verdict.method.find("revisions") != std::string::npos ? 1 : 0;
    }
    RecordProperty("by_commits", static_cast<int>(by_commits));
    EXPECT_GE(decided, seeds / 2);
    EXPECT_GE(2 * by_commits, decided) << by_commits << " of " << decided;
}

INSTANTIATE_TEST_SUITE_P(Short, RunsOnOneRedis,
                         testing::Values("redis/matrix/lock", "redis/matrix/leader",
                                         "redis/matrix/group", "redis/matrix/capabilities"));

}  // namespace
}  // namespace conclave::scenarios
