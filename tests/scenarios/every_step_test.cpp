// Short runs, disturbed at each of their steps.

#include "conclave/scenarios/every_step.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "support.hpp"

namespace conclave::scenarios {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

Plan short_plan(const std::string& name) {
    const Scenario scenario = builtin(name);
    return draw_plan(scenario, scenario.drivers.front(), 1);
}

void expect_claims_kept(const Plan& plan) {
    for (const Judgement& each : run_plan(plan).judgements)
        ASSERT_FALSE(each.failed())
            << each.verdict.property << ": " << each.verdict.reason << '\n' << to_text(plan);
}

/// A scenario, and the process that is disturbed.
struct Target {
    std::string scenario;
    std::string process;
};

class Steps : public testing::TestWithParam<Target> {
protected:
    const EveryStep steps_{short_plan(GetParam().scenario), GetParam().process};
};

// All of them: `conclave sim steps`, which scripts/soak runs.
TEST_P(Steps, MayBeDisturbedInEveryWay) {
    constexpr std::uint64_t tried = 1500 / CONCLAVE_REPEATED_ONCE_IN;
    EXPECT_GE(steps_.calls(), 50u);
    const std::uint64_t count = std::min(tried, steps_.singles());
    for (std::uint64_t i = 0; i < count; ++i)
        expect_claims_kept(steps_.single(spread(i, count, steps_.singles())));
}

TEST_P(Steps, MayBeDisturbedAndALaterOneToo) {
    constexpr std::uint64_t tried = 300 / CONCLAVE_REPEATED_ONCE_IN;
    for (std::uint64_t i = 0; i < tried; ++i)
        expect_claims_kept(steps_.pair(spread(i, tried, steps_.pairs())));
}

std::string name_of(const testing::TestParamInfo<Target>& info) {
    std::string name = info.param.scenario + "_" + info.param.process;
    for (char& c : name)
        if (c == '/' || c == '-') c = '_';
    return name;
}

INSTANTIATE_TEST_SUITE_P(
    Short, Steps,
    testing::Values(Target{"redis/steps/lock", "c1"}, Target{"redis/steps/lock", "redis-1"},
                    Target{"redis/steps/leader", "c1"}, Target{"redis/steps/leader", "redis-1"},
                    Target{"redis/steps/group", "c1"}, Target{"redis/steps/group", "redis-1"},
                    Target{"file/steps/lock", "c1"}, Target{"file/steps/leader", "c1"},
                    Target{"file/steps/group", "c1"}),
    name_of);

TEST(EveryStepOfAPlan, NeedsAProcessOfIt) {
    EXPECT_THAT([] { EveryStep(short_plan("redis/steps/lock"), "c9"); },
                ThrowsMessage<FileError>(HasSubstr("there is no client or server 'c9'")));
}

// Every call is met, at the moment at which it comes undisturbed, and two at one instant apart.
TEST(EveryStepOfAPlan, MeetsEachCallByItsNumber) {
    const EveryStep steps(short_plan("redis/steps/lock"), "c1");
    const std::uint64_t ways = steps.singles() / steps.calls();
    std::set<std::int64_t> instants;
    std::int64_t last_ns = 0;
    for (std::uint64_t call = 0; call < steps.calls(); ++call) {
        const Plan plan = steps.single(call * ways);
        ASSERT_EQ(plan.faults.front().action, FaultAction::crash);
        ASSERT_EQ(plan.faults.front().call, call + 1);
        const RunResult run = run_plan(plan);
        ASSERT_EQ(run.faults, 1u) << "call " << call + 1;
        EXPECT_GE(run.fault_begin_ns.front(), last_ns);
        last_ns = run.fault_begin_ns.front();
        instants.insert(last_ns);
    }
    EXPECT_GT(steps.calls(), 2 * instants.size()) << "calls at one instant are what this is for";
}

TEST(EveryStepOfAPlan, HasEachPairOnce) {
    const EveryStep steps(short_plan("file/steps/lock"), "c1");
    std::set<std::string> seen;
    constexpr std::uint64_t looked_at = 3000;
    for (std::uint64_t i = 0; i < looked_at; ++i) {
        const Plan plan = steps.pair(i);
        ASSERT_EQ(plan.faults.size(), 2u);
        ASSERT_LE(plan.faults[0].call, plan.faults[1].call);
        seen.insert(to_text(plan));
    }
    EXPECT_EQ(seen.size(), looked_at);
    EXPECT_EQ(steps.pair(steps.pairs() - 1).faults.back().call, steps.calls());
}

}  // namespace
}  // namespace conclave::scenarios
