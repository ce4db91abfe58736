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
        BadValue{"[[step]]\nclient = 1\nat = \"1s\"\naction = \"dance\"",
                 "it.toml:8: key 'step.action': 'dance', expected one of: lock"},
        BadValue{"[[fault]]\naction = \"pause\"\nat = \"1s\"\na = [\"redis-9\"]",
                 "it.toml:8: key 'fault.a': configuration 'redis' has no host 'redis-9', expected "
                 "one of: redis-1, c1, c2, c3"},
        BadValue{"[[fault]]\naction = \"reset\"\nat = \"1s\"\na = [\"c1\"]",
                 "key 'fault.b': fault 'reset' expected a host at least"},
        BadValue{"[[fault]]\naction = \"ring\"\nat = \"1s\"\na = [\"c1\", \"c2\", \"c3\"]",
                 "it.toml:8: key 'fault.a': a ring of 3 hosts has no gap, expected at least 4"},
        BadValue{"[[fault]]\naction = \"clock_step\"\nat = \"1s\"\na = [\"c1\"]\namount = \"-1s\"",
                 "it.toml:9: key 'fault.amount': a process's clock never goes back"},
        BadValue{"driver_options = {lock_timeout = \"soon\"}",
                 "it.toml:5: key 'driver_options': option lock_timeout=soon: expected "},
        BadValue{"driver_options = {lock_time = \"4\"}", "it.toml:5: key 'driver_options': "},
        BadValue{"must_violate = [\"exclusoin\"]",
                 "it.toml:5: key 'must_violate': 'exclusoin', expected one of: exclusion, fencing"},
        BadValue{"must_violate = [\"one_leader\"]", "key 'must_violate': 'one_leader', expected"},
        BadValue{"title = \"again\"", "here/it.toml:5"},
        BadValue{"duration = [", "here/it.toml:"}));

TEST(ScenarioFile, AnUnknownConfigurationIsNamedWithItsLine) {
    std::string text = good;
    text.replace(text.find("[\"redis\"]"), 9, "[\"redis\", \"abacus\"]");
    EXPECT_TRUE(contains(error_of(text), "here/it.toml:3: key 'drivers': 'abacus', expected one "
                                         "of: file"));
}

TEST(ScenarioFile, AFaultThatNeedsAServerIsNoneOfAFolderNorOneOfADiskOfAServer) {
    std::string text = good + "[faults]\nkinds = [\"reset\"]\nbudget = [1, 1]\n";
    text.replace(text.find("[\"redis\"]"), 9, "[\"file\"]");
    EXPECT_TRUE(contains(error_of(text), "here/it.toml:6: key 'faults.kinds': configuration 'file' "
                                         "has no server for fault 'reset'"));
    text = good + "[faults]\nkinds = [\"disk_hang\"]\nbudget = [1, 1]\n";
    EXPECT_TRUE(contains(error_of(text), "here/it.toml:6: key 'faults.kinds': configuration 'redis' "
                                         "has no disk for fault 'disk_hang'"));
}

TEST(ScenarioFile, AnUnknownWorkloadListsTheKnownOnes) {
    std::string text = good;
    text.replace(text.find("\"lock\""), 6, "\"dance\"");
    EXPECT_TRUE(contains(error_of(text), "here/it.toml:2: key 'workload': 'dance', expected one of: "
                                         "lock, leader, group"));
}

}  // namespace
}  // namespace conclave::scenarios
