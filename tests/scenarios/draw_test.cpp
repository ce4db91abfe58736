#include <gtest/gtest.h>

#include <set>

#include "support.hpp"

namespace conclave::scenarios {
namespace {

std::string drawn(const Scenario& scenario, std::uint64_t seed) {
    return to_text(draw_plan(scenario, "redis", seed));
}

TEST(DrawPlan, IsAFunctionOfScenarioConfigurationAndSeed) {
    const Scenario scenario = builtin("redis/lock_partition");
    EXPECT_EQ(drawn(scenario, 7), drawn(scenario, 7));
    EXPECT_NE(drawn(scenario, 7), drawn(scenario, 8));
}

TEST(DrawPlan, KeepsToTheBudgetAndTheKinds) {
    const Scenario scenario = builtin("redis/lock_partition");
    const std::set<FaultAction> allowed(scenario.fault_kinds.begin(), scenario.fault_kinds.end());
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        const Plan plan = draw_plan(scenario, "redis", seed);
        EXPECT_GE(plan.faults.size(), static_cast<std::size_t>(scenario.budget_min));
        EXPECT_LE(plan.faults.size(), static_cast<std::size_t>(scenario.budget_max));
        for (const Fault& fault : plan.faults) EXPECT_TRUE(allowed.contains(fault.action));
    }
}

TEST(DrawPlan, ManySeedsRunWithFewKindsOfFaults) {
    const Scenario scenario = builtin("redis/lock_partition");
    std::set<std::size_t> kinds;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        std::set<FaultAction> used;
        for (const Fault& fault : draw_plan(scenario, "redis", seed).faults)
            used.insert(fault.action);
        kinds.insert(used.size());
    }
    EXPECT_TRUE(kinds.contains(1));
    EXPECT_GE(kinds.size(), 4u);
}

TEST(DrawPlan, AFaultLessLeavesTheWorkloadWhereItWas) {
    Scenario scenario = builtin("redis/lock_partition");
    const Plan before = draw_plan(scenario, "redis", 5);
    scenario.budget_min = scenario.budget_max = 1;
    const Plan after = draw_plan(scenario, "redis", 5);
    EXPECT_EQ(before.clients, after.clients);
    EXPECT_NE(before.faults, after.faults);
}

TEST(DrawPlan, ClockRatesStayInsideTheDeclaredBound) {
    const Scenario scenario = builtin("redis/lock_clock_drift");
    std::set<int> rates;
    for (std::uint64_t seed = 1; seed <= 100; ++seed)
        for (const ClientPlan& client : draw_plan(scenario, "redis", seed).clients) {
            EXPECT_LE(std::abs(client.clock_rate_ppm), scenario.clock_rate_ppm_max);
            rates.insert(client.clock_rate_ppm);
        }
    EXPECT_GT(rates.size(), 250u);
}

TEST(RunPlan, RefusesAFaultOnAHostThatTheConfigurationLacks) {
    Plan plan = draw_plan(builtin("redis/lock_pause"), "redis", 1);
    Fault fault;
    fault.action = FaultAction::pause;
    fault.a = {"redis-9"};
    plan.faults = {fault};
    EXPECT_THROW(run_plan(plan), FileError);
}

TEST(RunPlan, RefusesAnUnknownConfiguration) {
    EXPECT_THROW(run_plan(draw_plan(builtin("redis/lock_pause"), "abacus", 1)), FileError);
}

}  // namespace
}  // namespace conclave::scenarios
