// What a sweep says of its parts: shards, some faults, milestones, and what it keeps.

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tool.hpp"

namespace conclave {
namespace {

using testing::HasSubstr;
using testing::Not;

class SweepParts : public Tool {
protected:
    /// A short lock scenario in a folder of its own, with further keys.
    std::string scenarios(const std::string& keys) const {
        write("mine/short.toml",
              "title = \"short\"\nworkload = \"lock\"\ndrivers = [\"redis\"]\nclients = 2\n"
              "duration = \"5s\"\nprogress_within = \"10s\"\n" +
                  keys);
        return " --scenarios mine --no-shrink --progress none ";
    }
    nlohmann::json runs(const std::string& name) const { return nlohmann::json::parse(read(name)); }
};

constexpr const char* pauses = "[faults]\nkinds = [\"pause\"]\nbudget = [2, 2]\n";

TEST_F(SweepParts, AShardWithoutSeedsRanNothing) {
    const Finished empty = run("sim run --seeds 1 --shard 2/3" + scenarios(""));
    EXPECT_EQ(empty.code, 4) << empty.text;
    EXPECT_EQ(run("sim run --seeds 1 --shard 1/3" + scenarios("")).code, 0);
}

TEST_F(SweepParts, AMilestoneThatNoSeedReachedLeavesTheSweepUndecided) {
    const std::string options = scenarios("sometimes = [\"acquired\", \"redis.promoted\"]\n");
    const Finished whole = run("sim run --seeds 2 --json runs.json" + options);
    EXPECT_EQ(whole.code, 5) << whole.text;
    EXPECT_THAT(whole.text, HasSubstr("acquired 2"));
    EXPECT_THAT(whole.text, HasSubstr("NOT REACHED: redis.promoted"));
    const nlohmann::json unit = runs("runs.json").at("units").at(0);
    EXPECT_EQ(unit.at("milestones").at("acquired"), 2);
    EXPECT_EQ(unit.at("not_reached"), nlohmann::json({"redis.promoted"}));
    const Finished shard = run("sim run --seeds 2 --shard 1/2" + options);
    EXPECT_EQ(shard.code, 0) << shard.text;
    EXPECT_THAT(shard.text, HasSubstr("is not judged"));
}

TEST_F(SweepParts, AnUnknownMilestoneIsAnErrorWithItsLine) {
    const Finished finished = run("sim run" + scenarios("sometimes = [\"luck\"]\n"));
    EXPECT_EQ(finished.code, 2);
    EXPECT_THAT(finished.text, HasSubstr("short.toml:7: key 'sometimes': unknown milestone 'luck'"));
}

TEST_F(SweepParts, FaultsOfAListAreDrawnAlone) {
    const std::string options = scenarios(pauses);
    EXPECT_THAT(run("sim run --seeds 3" + options).text, Not(HasSubstr("       0  ")));
    const Finished none = run("sim run --seeds 3 --faults none" + options);
    EXPECT_EQ(none.code, 0) << none.text;
    EXPECT_THAT(none.text, HasSubstr("       0  "));
    const Finished unknown = run("sim run --faults pause,rain" + options);
    EXPECT_EQ(unknown.code, 2);
    EXPECT_THAT(unknown.text, HasSubstr("--faults 'rain'"));
}

TEST_F(SweepParts, ListsAreAlsoJson) {
    for (const std::string what : {"scenarios", "properties", "drivers", "faults",
                                   "characteristics", "milestones"}) {
        const Finished text = run("sim list " + what);
        const nlohmann::json listed = nlohmann::json::parse(run("sim list --json " + what).text);
        ASSERT_FALSE(listed.at(what).empty()) << what;
        EXPECT_THAT(text.text, HasSubstr(listed.at(what).at(0).at("name").get<std::string>()));
    }
}

// A sweep keeps more than its first find, and says where.
TEST_F(SweepParts, KeepsSeveralPlansOfAPropertyAndNamesThem) {
    const Finished swept = run(
        "sim run redis/violations/r1* --seeds 30 --no-shrink --progress none --json runs.json");
    ASSERT_NE(swept.code, 2) << swept.text;
    std::size_t kept = 0;
    const nlohmann::json all = runs("runs.json");
    for (const nlohmann::json& each : all.at("runs")) {
        const std::string plan = each.at("plan");
        if (plan.empty()) continue;
        ++kept;
        EXPECT_EQ(each.at("verdict"), "violated");
        EXPECT_THAT(read(plan), HasSubstr("property = "));
        EXPECT_THAT(read(plan), HasSubstr("applied = "));
    }
    EXPECT_GT(kept, 1u);
    EXPECT_LE(kept, 20u);
}

// A replay compares what the Plan was saved for.
TEST_F(SweepParts, ReplayOfAPlanThatDoesNotViolateItsPropertyAnyMoreIsAnotherVerdict) {
    scenarios(pauses);
    write("plan", "format = \"conclave-plan/1\"\nscenario = \"short\"\ndriver = \"redis\"\n"
                  "seed = \"1\"\nworkload = \"lock\"\nduration = \"1s\"\nprogress_within = \"2s\"\n"
                  "property = \"exclusion\"\napplied = 1\n[[client]]\nname = \"c1\"\n"
                  "steps = [{at = \"0s\", action = \"lock\", object = \"a\", length = \"10ms\"}, "
                  "{at = \"2s\", action = \"lock\", object = \"a\", length = \"10ms\"}]\n"
                  "[[fault]]\naction = \"crash\"\nat = \"900ms\"\nlength = \"1s\"\na = [\"c1\"]\n"
                  "[[fault]]\naction = \"crash\"\nat = \"950ms\"\nlength = \"1s\"\na = [\"c1\"]\n");
    const Finished replayed = run("sim replay plan");
    EXPECT_EQ(replayed.code, 3) << replayed.text;
    EXPECT_THAT(replayed.text, HasSubstr("1 of 2 faults did not apply; 1 did when it was saved"));
}

TEST_F(SweepParts, ReplayOfAPlanThatDecidesNothingIsUndecided) {
    write("plan", "format = \"conclave-plan/1\"\nscenario = \"short\"\ndriver = \"redis\"\n"
                  "seed = \"1\"\nworkload = \"lock\"\nduration = \"1s\"\nprogress_within = \"2s\"\n"
                  "[[client]]\nname = \"c1\"\n");
    const Finished replayed = run("sim replay plan");
    EXPECT_EQ(replayed.code, 5) << replayed.text;
}

}  // namespace
}  // namespace conclave
