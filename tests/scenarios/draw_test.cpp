#include <gtest/gtest.h>

#include <set>

#include "conclave/scenarios/moments.hpp"
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

/// The looks in a Plan, which are taken out of it.
std::size_t take_looks(Plan& plan) {
    std::size_t looks = 0;
    for (ClientPlan& client : plan.clients)
        looks += std::erase_if(client.steps, [](const Step& step) { return step.action == "who"; });
    return looks;
}

TEST(DrawPlan, LeadersAreLookedAtWhereTheCharacteristicsAreJudged) {
    Scenario scenario = builtin("redis/matrix/leader");
    Plan judged = draw_plan(scenario, "redis", 5);
    scenario.characteristics = false;
    Plan other = draw_plan(scenario, "redis", 5);
    EXPECT_GT(take_looks(judged), 10u);
    EXPECT_EQ(take_looks(other), 0u);
    EXPECT_EQ(judged.clients, other.clients);
    EXPECT_EQ(judged.faults, other.faults);
}

TEST(DrawPlan, HangsFaultsOnMomentsInHalfOfTheSeeds) {
    const Scenario scenario = builtin("redis/lock_partition");
    const Duration lease = std::chrono::seconds(4);
    std::size_t seeds = 0;
    std::size_t around_its_end = 0;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        bool anchored = false;
        for (const Fault& fault : draw_plan(scenario, "redis", seed).faults) {
            if (fault.by_time()) continue;
            anchored = true;
            EXPECT_FALSE(parse_anchor(fault.after).who.empty()) << fault.after;
            if (fault.at > lease - std::chrono::seconds(1)) ++around_its_end;
        }
        seeds += anchored ? 1 : 0;
        const Plan plain = draw_plan(scenario, "redis", seed, {.anchors = false});
        for (const Fault& fault : plain.faults) EXPECT_TRUE(fault.by_time());
    }
    EXPECT_GT(seeds, 60u);
    EXPECT_LT(seeds, 120u);
    EXPECT_GT(around_its_end, 20u);
}

TEST(RunPlan, BeginsAFaultAtItsMoment) {
    Plan plan = draw_plan(builtin("redis/lock_pause"), "redis", 1, {.anchors = false});
    Fault fault;
    fault.action = FaultAction::pause;
    fault.a = {"c1"};
    fault.length = std::chrono::milliseconds(10);
    fault.after = "c1 acquired #3";
    fault.at = std::chrono::milliseconds(7);
    plan.faults = {fault};
    const RunResult run = run_plan(plan);
    EXPECT_EQ(run.faults, 1u);
    EXPECT_GT(run.fault_begin_ns.front(), fault.at.count());
    plan.faults.front().after = "c1 acquired #1";
    EXPECT_LT(run_plan(plan).fault_begin_ns.front(), run.fault_begin_ns.front());
    plan.faults.front().after = "c1 acquired #100000";
    const RunResult without = run_plan(plan);
    EXPECT_EQ(without.faults, 0u);
    EXPECT_EQ(without.fault_begin_ns.front(), properties::never_ns);
}

// What is dead cannot die, and a process that stands still cannot be stopped.
TEST(RunPlan, CountsFaultsThatDisturbSomething) {
    Plan plan = draw_plan(builtin("redis/lock_pause"), "redis", 1);
    const auto fault = [](FaultAction action, std::chrono::milliseconds at) {
        Fault each;
        each.action = action;
        each.at = at;
        each.length = std::chrono::seconds(5);
        each.a = {"c1"};
        return each;
    };
    using std::chrono::milliseconds;
    plan.faults = {fault(FaultAction::crash, milliseconds(1000)),
                   fault(FaultAction::crash, milliseconds(2000)),
                   fault(FaultAction::pause, milliseconds(3000)),
                   fault(FaultAction::pause, milliseconds(8000)),
                   fault(FaultAction::pause, milliseconds(9000))};
    EXPECT_EQ(run_plan(plan).faults, 2u);
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
