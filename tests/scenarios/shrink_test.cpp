// Shrinking a Plan: what holds of every result.

#include "conclave/scenarios/shrink.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "support.hpp"

namespace conclave::scenarios {
namespace {

const Signature exclusion{"exclusion", false};

/// A find outside the envelope of the claim: clocks that run too fast.
Plan drifting_plan() {
    const Scenario scenario = builtin("redis/lock_clock_drift_beyond");
    const std::uint64_t seed = first_violation(scenario, exclusion.property, 50);
    return draw_plan(scenario, scenario.drivers.front(), seed);
}

class Shrinking : public testing::Test {
protected:
    static const ShrinkResult& shrunk() {
        static const ShrinkResult result = shrink(drifting_plan(), exclusion);
        return result;
    }
};

Plan without_fault(Plan plan, std::size_t index) {
    plan.faults.erase(plan.faults.begin() + static_cast<long>(index));
    return plan;
}

Plan without_step(Plan plan, std::size_t client, std::size_t index) {
    std::vector<Step>& steps = plan.clients[client].steps;
    steps.erase(steps.begin() + static_cast<long>(index));
    return plan;
}

Plan without_client(Plan plan, std::size_t index) {
    const std::string name = plan.clients[index].name;
    plan.clients.erase(plan.clients.begin() + static_cast<long>(index));
    std::erase_if(plan.faults, [&](Fault& fault) {
        const bool two_sided = !fault.b.empty();
        std::erase(fault.a, name);
        std::erase(fault.b, name);
        return fault.a.empty() || (two_sided && fault.b.empty());
    });
    return plan;
}

TEST_F(Shrinking, LeavesTheSamePropertyViolatedByLess) {
    EXPECT_TRUE(violated(run_plan(shrunk().plan), exclusion.property));
    EXPECT_LT(shrunk().after.steps, shrunk().before.steps);
    EXPECT_LE(shrunk().after.faults, shrunk().before.faults);
    EXPECT_LE(shrunk().after.duration, shrunk().before.duration);
}

TEST_F(Shrinking, IsMinimalWhenItSaysSo) {
    const Plan& plan = shrunk().plan;
    ASSERT_TRUE(shrunk().minimal);
    const auto holds = [](const Plan& less) {
        return !violated(run_plan(less), exclusion.property);
    };
    for (std::size_t i = 0; i < plan.faults.size(); ++i) EXPECT_TRUE(holds(without_fault(plan, i)));
    ASSERT_GE(plan.clients.size(), 2u) << "two holders need two clients";
    for (std::size_t i = 0; i < plan.clients.size(); ++i) {
        EXPECT_TRUE(holds(without_client(plan, i)));
        for (std::size_t j = 0; j < plan.clients[i].steps.size(); ++j)
            EXPECT_TRUE(holds(without_step(plan, i, j)));
    }
}

TEST_F(Shrinking, ComesToTheSameTwice) {
    const ShrinkResult again = shrink(drifting_plan(), exclusion);
    EXPECT_EQ(to_text(again.plan), to_text(shrunk().plan));
    EXPECT_EQ(again.runs, shrunk().runs);
}

TEST_F(Shrinking, GivesAPlanThatReplaysWithItsHash) {
    const Plan saved = parse_plan(to_text(shrunk().plan), "saved.plan");
    ASSERT_NE(saved.trace_hash, 0u);
    EXPECT_EQ(run_plan(saved).trace_hash, saved.trace_hash);
}

TEST_F(Shrinking, GoesNoFurtherOnAMinimalPlan) {
    const ShrinkResult again = shrink(shrunk().plan, exclusion);
    EXPECT_TRUE(again.minimal);
    EXPECT_EQ(again.after.faults, shrunk().after.faults);
    EXPECT_EQ(again.after.clients, shrunk().after.clients);
    EXPECT_EQ(again.after.steps, shrunk().after.steps);
}

TEST_F(Shrinking, EndsWithItsBudgetAndDoesNotCallItMinimal) {
    const ShrinkResult early = shrink(drifting_plan(), exclusion, {.runs_max = 12, .over = {}});
    EXPECT_EQ(early.runs, 12u);
    EXPECT_FALSE(early.minimal);
    EXPECT_FALSE(early.no_return.has_value());
    EXPECT_TRUE(violated(run_plan(early.plan), exclusion.property));
}

TEST_F(Shrinking, EndsWhenItsTimeIsOver) {
    int asked = 0;
    const ShrinkResult early =
        shrink(drifting_plan(), exclusion, {.over = [&asked] { return ++asked > 5; }});
    EXPECT_EQ(early.runs, 5u);
    EXPECT_FALSE(early.minimal);
}

TEST_F(Shrinking, RefusesAPlanThatDoesNotViolateTheProperty) {
    EXPECT_THROW(shrink(drifting_plan(), {"exclusion", true}), std::invalid_argument);
    EXPECT_THROW(shrink(drifting_plan(), {"nothing", false}), std::invalid_argument);
}

/// Asynchronous replication needs a fault to lose a lock, and healing it late does not help.
TEST(NoReturn, IsWhereHealingComesTooLate) {
    const Scenario scenario = builtin("redis/lock_failover");
    const std::uint64_t seed = first_violation(scenario, exclusion.property, 20);
    const ShrinkResult result =
        shrink(draw_plan(scenario, "redis-sentinel", seed), exclusion);
    ASSERT_TRUE(result.minimal);
    ASSERT_TRUE(result.no_return.has_value());
    EXPECT_GE(result.no_return->at, result.no_return->fault.at);
    const auto healed_at = [&](Duration end) {
        Plan healed = result.plan;
        healed.progress_within += healed.duration - end;
        healed.duration = end;
        return run_plan(healed);
    };
    if (!result.no_return->by_fault) {
        const Duration earlier = result.no_return->at - std::chrono::milliseconds(1);
        EXPECT_FALSE(violated(healed_at(earlier), exclusion.property));
    }
    const Duration late = result.no_return->at + std::chrono::milliseconds(1);
    EXPECT_TRUE(violated(healed_at(std::min(late, result.plan.duration)), exclusion.property));
    const std::vector<std::string>& events =
        judgement(result.run, exclusion.property)->last_events;
    const auto names_it = [](const std::string& line) {
        return line.find("point of no return") != std::string::npos;
    };
    EXPECT_EQ(std::count_if(events.begin(), events.end(), names_it), 1);
}

/// Removing operations must not invent a lack of progress.
TEST(Progress, IsNotDemandedOfAClientThatHasNothingLeftToDo) {
    const Scenario scenario = builtin("redis/control/lock_no_fault");
    Plan plan = draw_plan(scenario, scenario.drivers.front(), 1);
    for (ClientPlan& client : plan.clients) client.steps.resize(1);
    const RunResult run = run_plan(plan);
    ASSERT_NE(judgement(run, "progress"), nullptr);
    EXPECT_EQ(judgement(run, "progress")->verdict.outcome, properties::Outcome::undecided);
}

}  // namespace
}  // namespace conclave::scenarios
