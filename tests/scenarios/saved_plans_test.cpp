// Failing Plans that `conclave sim run` kept are run again first.

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tool.hpp"

namespace conclave {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* run_it = "sim run --scenarios mine --seeds 1 --progress none";
constexpr const char* saved = ".conclave/failures/lost-1.plan";

/// A lock held over a power loss of its server: with "everysec" it is lost, against the claim.
std::string scenario_with(const std::string& appendfsync) {
    return R"(title = "a lock over a power loss"
workload = "lock"
face = "coordinator"
drivers = ["redis"]
clients = 2
duration = "20s"
progress_within = "20s"
wait = "10s"
driver_options = {timeout = "30", durability = "always"}
[[step]]
client = 1
at = "10.2s"
action = "lock"
object = "L"
length = "8s"
[[step]]
client = 2
at = "10.3s"
action = "lock"
object = "L"
length = "3s"
[[step]]
client = 1
at = "25s"
action = "lock"
object = "L"
length = "10ms"
[[step]]
client = 2
at = "25s"
action = "lock"
object = "L"
length = "10ms"
[server]
appendfsync = ")" +
           appendfsync + R"("
[[fault]]
action = "power_loss"
at = "10.4s"
length = "1s"
a = ["redis-1"]
)";
}

class SavedPlans : public Tool {
protected:
    void SetUp() override {
        Tool::SetUp();
        write("mine/lost.toml", scenario_with("everysec"));
        const Finished first = run(run_it);
        EXPECT_EQ(first.code, 1) << first.text;
        EXPECT_THAT(first.text, Not(HasSubstr("saved Plan")));
        EXPECT_TRUE(std::filesystem::exists(folder_ / saved)) << first.text;
    }

    void repair_scenario() const { write("mine/lost.toml", scenario_with("always")); }
    /// As if the bug had been fixed: the Plan no longer shows it.
    void repair_plan() const {
        std::string text = read(saved);
        text.replace(text.find("everysec"), 8, "always");
        write(saved, text);
    }
};

TEST_F(SavedPlans, AreRunFirstAndFailTheRunThatTheirSeedsDoNotFail) {
    repair_scenario();
    const Finished ran = run(std::string(run_it) + " --json out.json");
    EXPECT_EQ(ran.code, 1) << ran.text;
    EXPECT_THAT(ran.text,
                AllOf(StartsWith(std::string("saved Plan of another content: ") + saved +
                                 ": seed 1 of lost draws another one now; run as it was saved\n"
                                 "FAIL exclusion"),
                      HasSubstr(std::string(" sim replay ") + saved),
                      HasSubstr("saved Plans first: 1 run again, 0 fixed and removed, 0 still "
                                "found and not claimed, 1 still failing\n"),
                      HasSubstr("exclusion held, fencing held, progress held, 1 saved VIOLATED"),
                      HasSubstr("0 passed, 1 failed\n")));
    EXPECT_TRUE(std::filesystem::exists(folder_ / saved));
    const auto rows = nlohmann::json::parse(read("out.json")).at("runs");
    ASSERT_EQ(rows.size(), 2u);
    EXPECT_EQ(rows.at(0).at("plan"), saved);
    EXPECT_EQ(rows.at(0).at("verdict"), "violated");
}

TEST_F(SavedPlans, ThatAreFixedAreSaidToBeAndRemoved) {
    const auto small = folder_ / ".conclave/failures/minimal/lost-1-exclusion.plan";
    EXPECT_TRUE(std::filesystem::exists(small));
    repair_scenario();
    repair_plan();
    const Finished ran = run(run_it);
    EXPECT_EQ(ran.code, 0) << ran.text;
    EXPECT_THAT(ran.text, StartsWith(std::string("fixed: ") + saved +
                                     " (seed 1 of lost on redis) shows nothing any more; removed\n"
                                     "saved Plans first: 1 run again, 1 fixed and removed, "));
    EXPECT_FALSE(std::filesystem::exists(folder_ / saved));
    EXPECT_FALSE(std::filesystem::exists(small)) << "what it was shrunk to goes with it";
    EXPECT_THAT(run(run_it).text, Not(HasSubstr("saved Plan")));
}

TEST_F(SavedPlans, OfAnotherFormatAreReportedAndKept) {
    repair_scenario();
    write(saved, "format = \"conclave-plan/9\"\n");
    const Finished ran = run(run_it);
    EXPECT_EQ(ran.code, 0) << ran.text;
    EXPECT_THAT(ran.text, AllOf(StartsWith(std::string("saved Plan not run again: ") + saved),
                                HasSubstr("'conclave-plan/9'"), HasSubstr("'conclave-plan/1'"),
                                Not(HasSubstr("saved Plans first"))));
    EXPECT_TRUE(std::filesystem::exists(folder_ / saved));
}

TEST_F(SavedPlans, OfAScenarioThatIsGoneAreReportedWhenEverythingRuns) {
    write("mine/other.toml", scenario_with("always"));
    std::filesystem::remove(folder_ / "mine/lost.toml");
    EXPECT_THAT(run(run_it).text, HasSubstr("there is no scenario lost on redis any more"));
    EXPECT_THAT(run(std::string(run_it) + " other").text, Not(HasSubstr("saved Plan")));
}

TEST_F(SavedPlans, OfOtherScenariosAreLeftAlone) {
    write("mine/other.toml", scenario_with("always"));
    const Finished ran = run(std::string(run_it) + " other");
    EXPECT_EQ(ran.code, 0) << ran.text;
    EXPECT_THAT(ran.text, Not(HasSubstr("saved Plan")));
    EXPECT_TRUE(std::filesystem::exists(folder_ / saved));
}

TEST_F(SavedPlans, FailingFastStopsBeforeTheSweep) {
    write("mine/another.toml", scenario_with("always"));
    const Finished ran = run(std::string(run_it) + " --fail-fast");
    EXPECT_EQ(ran.code, 1) << ran.text;
    EXPECT_THAT(ran.text, AllOf(HasSubstr("1 still failing"), Not(HasSubstr("another  ")),
                                HasSubstr("0 passed, 1 failed\n")));
}

TEST_F(SavedPlans, ThatNameWhatIsNotThereAreReportedAndKept) {
    repair_scenario();
    std::string text = read(saved);
    text.replace(text.find("a = [\"redis-1\"]"), 15, "a = [\"nowhere\"]");
    write(saved, text);
    const Finished ran = run(run_it);
    EXPECT_EQ(ran.code, 0) << ran.text;
    EXPECT_THAT(ran.text, AllOf(StartsWith(std::string("saved Plan not run again: ") + saved + ":"),
                                HasSubstr("key 'fault.a': configuration 'redis' has no host "
                                          "'nowhere', expected one of: redis-1")));
    EXPECT_TRUE(std::filesystem::exists(folder_ / saved));
    EXPECT_EQ(run(std::string("sim replay ") + saved).code, 2);
}

TEST_F(Tool, SavedEvidenceOfWhatIsNotClaimedIsRunAgainAndDoesNotFail) {
    ASSERT_EQ(run("sim run redis/violations/r4 --seeds 1").code, 0);
    const Finished ran = run("sim run redis/violations/r4 --seeds 1 --progress none");
    EXPECT_EQ(ran.code, 0) << ran.text;
    EXPECT_THAT(ran.text,
                StartsWith("saved Plans first: 1 run again, 0 fixed and removed, 1 still found and "
                           "not claimed, 0 still failing\nexpected R4 violated seed=1"));
}

}  // namespace
}  // namespace conclave
