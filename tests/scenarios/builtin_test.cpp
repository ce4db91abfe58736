#include <gtest/gtest.h>

#include <algorithm>

#include "support.hpp"

namespace conclave::scenarios {
namespace {

/// Every built-in scenario on every configuration that it names, over a few fixed seeds.
class Builtin : public testing::TestWithParam<std::pair<std::string, std::string>> {
protected:
    static constexpr std::uint64_t seeds = CONCLAVE_REPEATED_ONCE_IN == 1 ? 3 : 1;
    Scenario scenario_ = parse_scenario(GetParam().second, GetParam().first);
};

std::string failures(const RunResult& run) {
    std::string text;
    for (const Judgement& each : run.judgements)
        if (each.failed()) text += each.verdict.property + ": " + each.verdict.reason + "\n";
    return text;
}

TEST_P(Builtin, ClaimsHold) {
    for (const std::string& driver : scenario_.drivers)
        for (std::uint64_t seed = 1; seed <= seeds; ++seed)
            EXPECT_EQ(failures(run_plan(draw_plan(scenario_, driver, seed))), "")
                << driver << " seed " << seed;
}

#if CONCLAVE_REPEATED_ONCE_IN == 1
TEST_P(Builtin, TheSamePlanGivesTheSameTraceTwice) {
    const Plan plan = draw_plan(scenario_, scenario_.drivers.front(), 1);
    const RunResult first = run_plan(plan);
    if (first.trace_hash == run_plan(plan).trace_hash) return;
    const auto divergence = sim::check_determinism(
        [&] { return run_plan(plan, {.keep_trace = true}).trace; });
    ADD_FAILURE() << "two runs differ" << (divergence ? ": " : "");
    if (divergence) ADD_FAILURE() << *divergence;
}

TEST_P(Builtin, IsExercised) {
    const RunResult run = run_plan(draw_plan(scenario_, scenario_.drivers.front(), 2));
    EXPECT_GT(run.operations, 0u);
    EXPECT_GT(run.steps, 100u);
    EXPECT_FALSE(run.judgements.empty());
}
#endif

std::string test_name(const testing::TestParamInfo<Builtin::ParamType>& info) {
    std::string name = info.param.first;
    std::replace_if(name.begin(), name.end(), [](char c) { return !std::isalnum(c); }, '_');
    return name;
}

INSTANTIATE_TEST_SUITE_P(All, Builtin, testing::ValuesIn(builtin_scenarios()), test_name);

}  // namespace
}  // namespace conclave::scenarios
