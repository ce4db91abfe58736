#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "conclave/scenarios/plan.hpp"

namespace conclave::scenarios {
namespace {

Duration arbitrary_time() {
    return Duration(*rc::gen::inRange<std::int64_t>(0, 90'000'000'000));
}

std::string arbitrary_name() {
    return *rc::gen::container<std::string>(
        rc::gen::element('a', 'z', '_', '-', '"', '\\', ' ', '#', '7'));
}

Fault arbitrary_fault() {
    Fault fault;
    fault.action = static_cast<FaultAction>(
        *rc::gen::inRange(0, static_cast<int>(FaultAction::disk_hang)));  // which no server has
    fault.at = arbitrary_time();
    fault.length = arbitrary_time();
    fault.a = {"redis-1", "c1", "c2", "c3"};
    fault.b = {*rc::gen::element<std::string>("redis-1", "c1")};
    const bool forward = fault.action == FaultAction::clock_step;
    fault.amount = *rc::gen::inRange<std::int64_t>(forward ? 0 : -900'000, 900'000);
    if (*rc::gen::arbitrary<bool>()) {
        fault.after = "c1 acquired #" + std::to_string(*rc::gen::inRange(1, 40));
    } else {
        fault.call = *rc::gen::inRange<std::uint64_t>(0, 4000);
        fault.after_call = fault.call != 0 && *rc::gen::arbitrary<bool>();
    }
    return fault;
}

Plan arbitrary_plan() {
    Plan plan;
    plan.scenario = arbitrary_name();
    plan.driver = "redis";
    plan.seed = *rc::gen::arbitrary<std::uint64_t>();
    plan.trace_hash = *rc::gen::arbitrary<std::uint64_t>();
    plan.workload = *rc::gen::element<std::string>("lock", "leader", "group");
    plan.label = arbitrary_name();
    plan.duration = arbitrary_time();
    plan.progress_within = arbitrary_time();
    plan.wait = arbitrary_time();
    plan.priority_scheduling = *rc::gen::arbitrary<bool>();
    plan.link.loss = *rc::gen::inRange(0, 1000) / 1000.0;
    plan.link.segmentation = *rc::gen::inRange(0, 7) / 7.0;
    plan.link.bytes_per_second = *rc::gen::inRange<std::uint64_t>(0, 1'000'000);
    plan.server.min_replicas = *rc::gen::inRange(0, 3);
    plan.server.replica_wall_offset = -arbitrary_time();
    plan.server.keys_max = *rc::gen::inRange(0, 1'000'000);
    plan.server.eviction =
        *rc::gen::element<std::string>("noeviction", "allkeys-lru", "volatile-lru");
    plan.driver_options.emplace("namespace", arbitrary_name());
    plan.outside_envelope = {"clock_rate"};
    plan.must_violate = {"progress"};
    plan.priority_changes = *rc::gen::inRange<std::uint64_t>(0, 5);
    plan.priority_choices = *rc::gen::inRange<std::uint64_t>(0, 100'000);
    plan.sometimes = {"lease_lapsed"};
    plan.property = arbitrary_name();
    plan.applied = *rc::gen::inRange<std::int64_t>(-1, 20);
    plan.milestones = {"redis.promoted", "acquired"};
    plan.kills = arbitrary_name();
    plan.kills_none = arbitrary_name();
    const std::string action = plan.workload == "group" ? "read" : plan.workload;
    for (int i = *rc::gen::inRange(3, 6); i > 0; --i) {
        ClientPlan client{"c" + std::to_string(i), *rc::gen::inRange(-9000, 9000),
                          -arbitrary_time(), {}};
        client.steps.push_back({arbitrary_time(), action, arbitrary_name(), arbitrary_time()});
        plan.clients.push_back(client);
    }
    for (int i = *rc::gen::inRange(0, 4); i > 0; --i) plan.faults.push_back(arbitrary_fault());
    return plan;
}

RC_GTEST_PROP(PlanText, RoundTrips, ()) {
    const Plan plan = arbitrary_plan();
    const std::string text = to_text(plan);
    const Plan back = parse_plan(text, "x.plan");
    RC_ASSERT(to_text(back) == text);
    RC_ASSERT(back.seed == plan.seed);
    RC_ASSERT(back.trace_hash == plan.trace_hash);
    RC_ASSERT(back.scenario == plan.scenario);
    RC_ASSERT(back.driver_options == plan.driver_options);
    RC_ASSERT(back.link.loss == plan.link.loss);
    RC_ASSERT(back.link.segmentation == plan.link.segmentation);
    RC_ASSERT(back.server == plan.server);
    RC_ASSERT(back.clients == plan.clients);
    RC_ASSERT(back.faults == plan.faults);
}

std::string error_of(const std::string& text) {
    try {
        parse_plan(text, "x.plan");
    } catch (const FileError& error) {
        return error.what();
    }
    return "no error";
}

std::string plan_text() {
    Plan plan;
    plan.scenario = "redis/lock_pause";
    plan.driver = "redis";
    plan.workload = "lock";
    return to_text(plan);
}

TEST(PlanText, BeginsWithItsFormat) {
    EXPECT_TRUE(plan_text().starts_with("format = \"conclave-plan/1\"\n"));
}

TEST(PlanText, OfAnotherVersionIsAnErrorThatNamesBoth) {
    std::string text = plan_text();
    text.replace(text.find("plan/1"), 6, "plan/2");
    EXPECT_EQ(error_of(text),
              "x.plan:1: key 'format': this Plan is 'conclave-plan/2', this program reads "
              "'conclave-plan/1'");
}

TEST(PlanText, WithoutAFormatIsNoPlan) {
    EXPECT_EQ(error_of("seed = \"1\"\n").substr(0, 30), "x.plan:1: missing key 'format'");
}

TEST(PlanText, WhatItsConfigurationDoesNotHaveIsNamedWithItsLine) {
    const std::string fault = "[[fault]]\naction = \"pause\"\nat = \"1s\"\na = [\"nowhere\"]\n";
    const std::string good = plan_text();
    const auto lines = std::to_string(std::count(good.begin(), good.end(), '\n') + 4);
    EXPECT_EQ(error_of(good + fault), "x.plan:" + lines +
                                          ": key 'fault.a': configuration 'redis' has no host "
                                          "'nowhere', expected one of: redis-1");
    const auto fault_at = [&](const char* driver, const char* action, const std::string& more) {
        std::string text = good + "[[fault]]\naction = \"" + action + "\"\nat = \"1s\"\n" + more + "\n";
        text.replace(text.find("driver = \"redis\""), 16, std::string("driver = \"") + driver + "\"");
        const std::string error = error_of(text);
        return error.substr(std::min(error.find("key"), error.size()));
    };
    EXPECT_EQ(fault_at("redis-sentinel", "slow_command", "a = [\"sentinel-1\"]"),
              "key 'fault.a': fault 'slow_command' inside 'sentinel-1', expected one of: redis-1, "
              "redis-2, redis-3");
    EXPECT_EQ(fault_at("redis", "disk_hang", "a = [\"redis-1\"]"),
              "key 'fault.action': configuration 'redis' has no disk that clients use");
    EXPECT_EQ(fault_at("file-shared", "disk_hang", "a = [\"machine\"]"),
              "key 'fault.a': the disk that hangs, expected exactly 'share'");
    EXPECT_EQ(fault_at("file", "disk_hang", "a = [\"machine\"]\ncall = 3"),
              "key 'fault.call': a disk makes no environment calls");
    std::string text = good;
    text.replace(text.find("driver = \"redis\""), 16, "driver = \"abacus\"");
    EXPECT_TRUE(error_of(text).starts_with("x.plan:3: key 'driver': 'abacus', expected one of: "));
}

TEST(PlanText, AnUnknownKeyIsNamedWithItsLine) {
    const std::string text = "format = \"conclave-plan/1\"\ncolour = 1\n" +
                             plan_text().substr(plan_text().find('\n') + 1);
    EXPECT_EQ(error_of(text).substr(0, 53),
              "x.plan:2: unknown key 'colour', expected one of: appl");
}

TEST(PlanText, TruncatedAnywhereIsAnErrorOrAPlanNeverACrash) {
    const std::string text = plan_text();
    for (std::size_t length = 0; length < text.size(); ++length) {
        const std::string error = error_of(text.substr(0, length));
        EXPECT_TRUE(error == "no error" || error.starts_with("x.plan:")) << length << ' ' << error;
    }
}

}  // namespace
}  // namespace conclave::scenarios
