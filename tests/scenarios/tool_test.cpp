// The `conclave` command from outside: what it prints and how it ends.

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "tool.hpp"

namespace conclave {
namespace {

using testing::ContainsRegex;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

TEST_F(Tool, ASweepThatHoldsClosesWithItsCountAndZero) {
    const Finished ran = run("sim run redis/control/lock_no_fault --seeds 2");
    EXPECT_EQ(ran.code, 0) << ran.text;
    EXPECT_THAT(ran.text, EndsWith("1 passed, 0 failed\n"));
}

TEST_F(Tool, TheAcceptanceLinesOfTheKnownViolations) {
    const Finished ran = run("sim run 'redis/violations/*' --seeds 2 --progress none");
    EXPECT_EQ(ran.code, 0) << ran.text;
    for (int i = 1; i <= 7; ++i)
        EXPECT_THAT(ran.text, ContainsRegex("expected R" + std::to_string(i) +
                                            " violated seed=[0-9]+ plan=[^ ]+"));
}

TEST_F(Tool, TheReplayLineWorksWhenPasted) {
    const Finished ran = run("sim run redis/lock_failover --seeds 30 --no-shrink --progress none");
    const std::size_t at = ran.text.find("replay: ");
    ASSERT_NE(at, std::string::npos) << ran.text;
    std::string line = ran.text.substr(at + 8, ran.text.find('\n', at) - at - 8);
    ASSERT_THAT(line, HasSubstr(" sim replay .conclave/failures/redis-lock_failover-"));
    const Finished replayed = run(line.substr(line.find("sim replay")));
    EXPECT_EQ(replayed.code, 0) << replayed.text;
    EXPECT_THAT(replayed.text, HasSubstr("two holders of"));
    EXPECT_THAT(replayed.text, HasSubstr(", as saved"));
    EXPECT_THAT(replayed.text, HasSubstr("\nreplay: " + line + "\n"));
}

TEST_F(Tool, ACounterexampleFitsIntoTwentyFiveLines) {
    const Finished ran = run("sim run redis/lock_failover --seeds 30 --no-shrink --progress none");
    const std::size_t begin = ran.text.find("expected exclusion");
    ASSERT_NE(begin, std::string::npos) << ran.text;
    const std::string block = ran.text.substr(begin, ran.text.find("\n\n", begin) - begin);
    EXPECT_LE(std::count(block.begin(), block.end(), '\n'), 25) << block;
    EXPECT_THAT(block, Not(HasSubstr("minimal")));
}

TEST_F(Tool, ResultsDoNotDependOnJobs) {
    run("sim run redis/lock_pause --seeds 6 --json one.json --progress none");
    run("sim run redis/lock_pause --seeds 6 --jobs 3 --json three.json --progress none");
    EXPECT_NE(read("one.json"), "");
    EXPECT_EQ(read("one.json"), read("three.json"));
}

TEST_F(Tool, ShardsCoverTheSeedsOnceEach) {
    run("sim run redis/lock_pause --driver redis --seeds 5 --shard 1/2 --json a.json --progress none");
    run("sim run redis/lock_pause --driver redis --seeds 5 --shard 2/2 --json b.json --progress none");
    std::multiset<std::uint64_t> seeds;
    for (const char* name : {"a.json", "b.json"}) {
        const auto json = nlohmann::json::parse(read(name));
        for (const auto& row : json.at("runs")) seeds.insert(row.at("seed").get<std::uint64_t>());
    }
    EXPECT_EQ(seeds, (std::multiset<std::uint64_t>{1, 2, 3, 4, 5}));
}

TEST_F(Tool, JsonRowsHaveTheFieldsOfTheManual) {
    run("sim run redis/lock_pause --seeds 3..3 --json out.json --progress none");
    const auto json = nlohmann::json::parse(read("out.json"));
    EXPECT_EQ(json.at("version"), 1);
    const auto& row = json.at("runs").at(0);
    for (const char* key : {"scenario", "driver", "seed", "verdict", "claimed", "trace_hash", "plan"})
        EXPECT_TRUE(row.contains(key)) << key;
    EXPECT_EQ(row.at("seed"), 3);
    EXPECT_EQ(row.at("trace_hash").get<std::string>().size(), 16u);
}

TEST_F(Tool, ATimeLimitEndsTheSweepAndEveryScenarioIsRun) {
    const std::string all = "sim run 'redis/control/lock_*' --seeds 90000..99999 --json out.json ";
    const Finished ran = run(all + "--progress none --for 3s --jobs 3");
    EXPECT_EQ(ran.code, 0) << ran.text;
    std::map<std::string, std::uint64_t> last;  // by scenario
    const auto json = nlohmann::json::parse(read("out.json"));
    for (const auto& row : json.at("runs")) {
        const auto [entry, first] = last.try_emplace(row.at("scenario"), 89999);
        EXPECT_EQ(row.at("seed"), ++entry->second) << "seeds are run in order";
    }
    EXPECT_EQ(last.size(), 5u);
    EXPECT_LT(json.at("runs").size(), 30000u);
}

TEST_F(Tool, ADutyThatTimeDidNotSufficeForIsUndecided) {
    // Without faults nothing can be found; all the seeds would take hours.
    write("mine/quiet.toml", "title = \"x\"\nworkload = \"lock\"\ndrivers = [\"redis\"]\n"
                             "progress_within = \"20s\"\nmust_violate = [\"exclusion\"]\n");
    const Finished cut =
        run("sim run --scenarios mine --seeds 100000 --for 200ms --progress none");
    EXPECT_EQ(cut.code, 5) << cut.text;
    EXPECT_THAT(cut.text, HasSubstr("not found in this time: exclusion"));
    const Finished whole = run("sim run --scenarios mine --seeds 1 --progress none");
    EXPECT_EQ(whole.code, 1) << whole.text;
    EXPECT_THAT(whole.text, HasSubstr("NOT FOUND: exclusion"));
}

TEST_F(Tool, JunitCountsFailures) {
    run("sim run redis/lock_pause --driver redis --seeds 1 --junit out.xml --progress none");
    EXPECT_THAT(read("out.xml"), HasSubstr("tests=\"1\" failures=\"0\""));
}

TEST_F(Tool, DeterminismIsCheckedOnRequest) {
    EXPECT_EQ(run("sim run redis/lock_lost_reply --seeds 2 --check-determinism=1/1").code, 0);
}

TEST_F(Tool, ListsScenariosAndDrivers) {
    EXPECT_THAT(run("sim list").text, HasSubstr("redis/lock_partition"));
    EXPECT_EQ(run("sim list drivers").text,
              "file\nfile-shared\nredis\nredis-sentinel\nredis-sentinel-wait\n"
              "file-as-tooz\nredis-as-tooz\nredis-sentinel-as-tooz\n");
}

}  // namespace
}  // namespace conclave
