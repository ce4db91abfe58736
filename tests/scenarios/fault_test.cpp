// What single faults of a Plan do to its clients, seen by when they get to their first step.

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "support.hpp"

namespace conclave::scenarios {
namespace {

using namespace std::chrono_literals;

constexpr Duration length = 30s;

/// The instant at which each client began its first step, when `fault` stands from the start.
std::map<std::string, Duration> begins(Fault fault) {
    Plan plan = draw_plan(builtin("redis/control/lock_no_fault"), "redis", 1);
    fault.at = {};
    fault.length = length;
    plan.faults = {fault};
    const RunResult run = run_plan(plan);
    std::map<std::string, Duration> result;
    for (const auto& [client, steps] : run.step_begin_ns) result[client] = Duration(steps.at(0));
    return result;
}

Fault on(FaultAction action, std::vector<std::string> hosts) {
    Fault fault;
    fault.action = action;
    fault.a = std::move(hosts);
    return fault;
}

TEST(PlanFaults, ARingLetsEachHostReachItsNeighboursOnly) {
    auto begin = begins(on(FaultAction::ring, {"redis-1", "c1", "c2", "c3"}));
    EXPECT_LT(begin["c1"], 2s);
    EXPECT_LT(begin["c3"], 2s);
    EXPECT_GE(begin["c2"], length);
}

TEST(PlanFaults, APartialPartitionIsBetweenItsTwoSides) {
    Fault fault = on(FaultAction::partial, {"c1"});
    fault.b = {"redis-1"};
    auto begin = begins(fault);
    EXPECT_GE(begin["c1"], length);
    EXPECT_LT(begin["c2"], 2s);
}

TEST(PlanFaults, ASlowReaderWaitsForWhatItDoesNotRead) {
    auto begin = begins(on(FaultAction::slow_reader, {"c1"}));
    EXPECT_GE(begin["c1"], length);
    EXPECT_LT(begin["c2"], 2s);
    begin = begins(on(FaultAction::slow_reader, {"redis-1"}));
    EXPECT_GE(begin["c2"], length) << "nobody is answered";
}

TEST(PlanFaults, ARestoredMachineGoesOnWhereItsClockStood) {
    auto begin = begins(on(FaultAction::vm_restore, {"c1"}));
    EXPECT_GE(begin["c1"], length);
    EXPECT_LT(begin["c1"], length + 2s);
    EXPECT_LT(begin["c2"], 2s);
}

TEST(PlanFaults, AClockThatJumpsAheadBringsItsStepsForward) {
    Plan plan = draw_plan(builtin("redis/control/lock_no_fault"), "redis", 1);
    for (ClientPlan& client : plan.clients) client.steps = {{20s, "lock", "L", 10ms}};
    Fault fault = on(FaultAction::clock_step, {"c1"});
    fault.amount = Duration(15s).count();
    fault.at = 2s;
    plan.faults = {fault};
    RunResult run = run_plan(plan);
    EXPECT_LT(Duration(run.step_begin_ns["c1"].at(0)), 6s);
    EXPECT_GE(Duration(run.step_begin_ns["c2"].at(0)), 20s);
}

TEST(PlanFaults, AFullDiskEndsTheServerUntilThereIsRoom) {
    auto begin = begins(on(FaultAction::disk_full, {"redis-1"}));
    EXPECT_LT(begin["c1"], 2s) << "what writes nothing is answered";
    Plan plan = draw_plan(builtin("redis/control/lock_no_fault"), "redis", 1);
    const std::uint64_t undisturbed = run_plan(plan).operations;
    Fault fault = on(FaultAction::disk_full, {"redis-1"});
    fault.at = 1s;
    fault.length = length;
    plan.faults = {fault};
    const std::uint64_t operations = run_plan(plan).operations;
    EXPECT_LT(operations, undisturbed * 3 / 4);
    EXPECT_GT(operations, undisturbed / 4);
}

TEST(PlanFaults, AreMetInsideAServer) {
    Plan plan = draw_plan(builtin("redis/control/lock_no_fault"), "redis", 1);
    Fault busy = on(FaultAction::slow_command, {"redis-1"});
    Fault full = on(FaultAction::too_many_connections, {"redis-1"});
    Fault reset = on(FaultAction::reset, {"c1"});
    reset.b = {"redis-1"};
    busy.at = 1s, busy.length = 8s;
    full.at = 15s, full.length = 5s;
    reset.at = 16s;
    plan.faults = {busy, full, reset};
    RunResult run = run_plan(plan);
    EXPECT_EQ(run.faults, 3u);
    EXPECT_GT(run.milestones["redis.busy"], 0u);
    EXPECT_GT(run.milestones["redis.client_refused"], 0u);
}

TEST(PlanFaults, ADiskThatHangsHoldsUpWhoeverUsesIt) {
    for (const auto& [driver, disk] :
         {std::pair("file", "machine"), std::pair("file-shared", "share")}) {
        Plan plan = draw_plan(builtin("file/control/lock_no_fault"), driver, 1);
        Fault fault = on(FaultAction::disk_hang, {disk});
        fault.length = plan.duration / 2;
        plan.faults = {fault};
        const RunResult run = run_plan(plan);
        for (const auto& [client, steps] : run.step_begin_ns) {
            EXPECT_GE(Duration(steps.at(0)), fault.length) << driver << client;
            EXPECT_LT(Duration(steps.at(0)), fault.length + 5s) << driver << client;
        }
    }
}

TEST(DrawnFaults, MeetSentinelsServersAndClients) {
    const Scenario scenario = builtin("redis/swarm_sentinels");
    std::set<std::string> met;
    for (std::uint64_t seed = 1; seed <= 200; ++seed)
        for (const Fault& fault : draw_plan(scenario, "redis-sentinel", seed).faults)
            if (fault.action == FaultAction::crash) met.insert(fault.a.front());
    EXPECT_EQ(met, (std::set<std::string>{"c1", "c2", "c3", "redis-1", "redis-2", "redis-3",
                                          "sentinel-1", "sentinel-2", "sentinel-3"}));
}

TEST(DrawnFaults, PartialPartitionsLeaveHostsThatReachBothSides) {
    const Scenario scenario = builtin("redis/swarm_sentinels");
    int partial = 0, with_bridge = 0;
    for (std::uint64_t seed = 1; seed <= 100; ++seed)
        for (const Fault& fault : draw_plan(scenario, "redis-sentinel", seed).faults) {
            if (fault.action == FaultAction::ring) {
                EXPECT_EQ(fault.a.size(), 9u);
            }
            if (fault.action != FaultAction::partial) continue;
            ++partial;
            EXPECT_FALSE(fault.a.empty() || fault.b.empty());
            for (const std::string& host : fault.a)
                EXPECT_EQ(std::count(fault.b.begin(), fault.b.end(), host), 0) << host;
            with_bridge += fault.a.size() + fault.b.size() < 9 ? 1 : 0;
        }
    EXPECT_GT(partial, 20);
    EXPECT_GT(with_bridge, partial / 2);
}

}  // namespace
}  // namespace conclave::scenarios
