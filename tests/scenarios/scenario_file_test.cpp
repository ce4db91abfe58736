#include <gtest/gtest.h>

#include "conclave/scenarios/scenario.hpp"

namespace conclave::scenarios {
namespace {

const std::string good =
    "title = \"t\"\n"
    "workload = \"lock\"\n"
    "drivers = [\"redis\"]\n"
    "progress_within = \"10s\"\n";

std::string error_of(const std::string& text) {
    try {
        parse_scenario(text, "here/it");
    } catch (const FileError& error) {
        return error.what();
    }
    return "no error";
}

testing::AssertionResult contains(const std::string& text, const std::string& part) {
    if (text.find(part) != std::string::npos) return testing::AssertionSuccess();
    return testing::AssertionFailure() << "'" << text << "' lacks '" << part << "'";
}

TEST(ScenarioFile, FourKeysAreEnough) {
    const Scenario scenario = parse_scenario(good, "here/it");
    EXPECT_EQ(scenario.name, "here/it");
    EXPECT_EQ(scenario.progress_within, std::chrono::seconds(10));
    EXPECT_EQ(scenario.clients, 3);
}

TEST(ScenarioFile, AnUnknownKeyIsNamedWithItsLineAndWhatWasExpected) {
    const std::string error = error_of(good + "dration = \"5s\"\n");
    EXPECT_TRUE(contains(error, "here/it.toml:5: unknown key 'dration', expected one of: "));
    EXPECT_TRUE(contains(error, "duration"));
}

TEST(ScenarioFile, AnUnknownKeyOfASubtableIsNamedWithItsPath) {
    EXPECT_TRUE(contains(error_of(good + "[network]\nlatencies = 1\n"),
                         "here/it.toml:6: unknown key 'network.latencies'"));
}

TEST(ScenarioFile, ProgressWithinIsRequired) {
    const std::string without = good.substr(0, good.find("progress_within"));
    EXPECT_TRUE(contains(error_of(without), "missing key 'progress_within'"));
}

struct BadValue {
    const char* line;
    const char* message;
};
class ScenarioFileBadValue : public testing::TestWithParam<BadValue> {};

TEST_P(ScenarioFileBadValue, IsAnErrorThatNamesTheKey) {
    const std::string error = error_of(good + GetParam().line + "\n");
    EXPECT_TRUE(contains(error, "here/it.toml:"));
    EXPECT_TRUE(contains(error, GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    All, ScenarioFileBadValue,
    testing::Values(
        BadValue{"clients = 0", "key 'clients': expected a whole number in 1..64"},
        BadValue{"clients = \"3\"", "key 'clients'"},
        BadValue{"duration = 5", "key 'duration': expected a duration"},
        BadValue{"wait = \"5 minutes\"", "key 'wait'"},
        BadValue{"think = [\"2s\", \"1s\"]", "key 'think': low is above high"},
        BadValue{"think = [\"2s\"]", "key 'think': expected two durations"},
        BadValue{"[network]\nloss = 1.5", "key 'network.loss': expected a number in 0..1"},
        BadValue{"[faults]\nkinds = [\"meteor\"]", "unknown fault 'meteor'"},
        BadValue{"[faults]\nbudget = [1, 2]", "a budget needs 'kinds'"},
        BadValue{"outside_envelope = [\"luck\"]", "unknown assumption 'luck'"},
        BadValue{"[server]\nappendfsync = \"often\"", "expected one of: always, everysec, no, off"},
        BadValue{"[driver_options]\ntimeout = 4", "values are strings"},
        BadValue{"[[fault]]\nat = \"1s\"\na = [\"redis-1\"]", "missing key 'fault.action'"},
        BadValue{"[[step]]\nclient = 9\nat = \"1s\"\naction = \"lock\"", "key 'step.client'"},
        BadValue{"title = \"again\"", "here/it.toml:5"},
        BadValue{"duration = [", "here/it.toml:"}));

TEST(ScenarioFile, AnUnknownWorkloadListsTheKnownOnes) {
    std::string text = good;
    text.replace(text.find("\"lock\""), 6, "\"dance\"");
    EXPECT_TRUE(contains(error_of(text), "here/it.toml:2: key 'workload': 'dance', expected one of: "
                                         "lock, leader, group"));
}

}  // namespace
}  // namespace conclave::scenarios
