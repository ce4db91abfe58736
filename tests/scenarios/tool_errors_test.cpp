// What the `conclave` command says to bad input, and its exit codes.

#include <gmock/gmock.h>

#include "tool.hpp"

namespace conclave {
namespace {

using testing::HasSubstr;

TEST_F(Tool, NoSuchScenarioIsNothingRan) {
    const Finished ran = run("sim run redis/no_such_thing");
    EXPECT_EQ(ran.code, 4);
    EXPECT_THAT(ran.text, HasSubstr("no scenario matches"));
}

TEST_F(Tool, AnUnknownVerbOrOptionIsAUsageError) {
    EXPECT_EQ(run("sim dance").code, 2);
    EXPECT_EQ(run("sim run --seedz 3").code, 2);
    EXPECT_EQ(run("").code, 2);
    EXPECT_EQ(run("--help").code, 0);
}

TEST_F(Tool, BadNumbersAreUsageErrorsThatNameTheOption) {
    for (const char* arguments : {"--seeds x", "--seeds 5..2", "--seeds -1", "--seeds 0"}) {
        const Finished ran = run(std::string("sim run redis/lock_pause ") + arguments);
        EXPECT_EQ(ran.code, 2) << arguments << ran.text;
        EXPECT_THAT(ran.text, HasSubstr("--seeds"));
    }
    for (const char* shard : {"3/2", "0/2", "1", "a/b"})
        EXPECT_EQ(run(std::string("sim run redis/lock_pause --shard ") + shard).code, 2) << shard;
}

TEST_F(Tool, ABadTimeLimitIsNamed) {
    for (const char* limit : {"10", "m", "-1s", "0s", "1h"}) {
        const Finished ran = run(std::string("sim run redis/lock_pause --for=") + limit);
        EXPECT_EQ(ran.code, 2) << limit << ran.text;
        EXPECT_THAT(ran.text, HasSubstr("--for"));
    }
}

TEST_F(Tool, ABadKeyIsNamedWithItsLine) {
    write("mine/bad.toml",
          "title = \"x\"\nworkload = \"lock\"\ndrivers = [\"redis\"]\nprogress_within = \"1s\"\n"
          "sedes = 3\n");
    const Finished ran = run("sim run --scenarios mine");
    EXPECT_EQ(ran.code, 2);
    EXPECT_THAT(ran.text, HasSubstr("bad.toml:5: unknown key 'sedes', expected one of: "));
}

TEST_F(Tool, WhatNoRunCouldDoIsSaidBeforeAnyRuns) {
    write("mine/bad.toml",
          "title = \"x\"\nworkload = \"lock\"\ndrivers = [\"redis\"]\nprogress_within = \"1s\"\n"
          "[[fault]]\naction = \"pause\"\nat = \"1s\"\na = [\"nowhere\"]\n");
    const Finished ran = run("sim run --scenarios mine --seeds 1");
    EXPECT_EQ(ran.code, 2) << ran.text;
    EXPECT_THAT(ran.text, HasSubstr("bad.toml:8: key 'fault.a': configuration 'redis' has no host "
                                    "'nowhere', expected one of: redis-1"));
}

TEST_F(Tool, AMissingScenarioFolderIsNamed) {
    const Finished ran = run("sim run --scenarios nowhere");
    EXPECT_EQ(ran.code, 2);
    EXPECT_THAT(ran.text, HasSubstr("nowhere: not a folder"));
}

TEST_F(Tool, AnOutFolderThatCannotBeWrittenStopsTheSweepBeforeItRuns) {
    write("occupied", "a file\n");
    const Finished ran = run("sim run redis/lock_pause --seeds 1 --out occupied/plans");
    EXPECT_EQ(ran.code, 2);
    EXPECT_THAT(ran.text, HasSubstr("--out 'occupied/plans': cannot be written"));
}

TEST_F(Tool, AReportThatCannotBeWrittenIsAnError) {
    const Finished ran = run("sim run redis/lock_pause --seeds 1 --json nowhere/out.json");
    EXPECT_EQ(ran.code, 2);
    EXPECT_THAT(ran.text, HasSubstr("nowhere/out.json: cannot be written"));
}

TEST_F(Tool, APlanOfAnotherVersionIsAnErrorThatNamesBoth) {
    write("old.plan", "format = \"conclave-plan/9\"\n");
    const Finished ran = run("sim replay old.plan");
    EXPECT_EQ(ran.code, 2);
    EXPECT_THAT(ran.text, HasSubstr("'conclave-plan/9'"));
    EXPECT_THAT(ran.text, HasSubstr("'conclave-plan/1'"));
}

TEST_F(Tool, AMissingPlanIsNamed) {
    const Finished ran = run("sim replay nothing.plan");
    EXPECT_EQ(ran.code, 2);
    EXPECT_THAT(ran.text, HasSubstr("nothing.plan: cannot be read"));
}

TEST_F(Tool, AnUnknownDriverConfigurationNeverRuns) {
    EXPECT_EQ(run("sim run redis/lock_pause --driver abacus").code, 4);
    EXPECT_EQ(run("sim replay redis/lock_pause --seed 1 --driver abacus").code, 2);
}

}  // namespace
}  // namespace conclave
