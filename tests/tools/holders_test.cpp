// `conclave who`, `break` and `watch lock`: who holds a lock, and taking it from them.

#include <signal.h>

#include <nlohmann/json.hpp>

#include "verb_fixture.hpp"

namespace conclave {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::StartsWith;

class HolderVerbs : public VerbTest {};
INSTANTIATE_TEST_SUITE_P(Backends, HolderVerbs, testing::Values("redis", "file"),
                         [](const auto& test) { return test.param; });
class RedisHolderVerbs : public RedisVerbTest {};
INSTANTIATE_TEST_SUITE_P(Redis, RedisHolderVerbs, testing::Values("redis"));

TEST_P(HolderVerbs, WhoTellsTheTokenOfTheHold) {
    EXPECT_EQ(run({"who", "L"}).text, "free\n");
    Client other = client();
    for (std::uint64_t token = 1; token <= 2; ++token) {
        std::optional<HeldLock> held = other.mutex("L").acquire_for(0s);
        ASSERT_TRUE(held);
        EXPECT_THAT(run({"who", "L"}).text, StartsWith("held token=" + std::to_string(token)));
        const json told = json::parse(run({"who", "L", "--json"}).text);
        EXPECT_EQ(told["state"], "held");
        EXPECT_EQ(told["token"], token);
        held->release();
        EXPECT_EQ(json::parse(run({"who", "L", "--json"}).text)["state"], "free");
    }
}

TEST_P(HolderVerbs, WhoDoesNotDisturbTheHold) {
    Client other = client();
    const std::optional<HeldLock> held = other.mutex("L").acquire_for(0s);
    for (int i = 0; i < 5; ++i) EXPECT_EQ(run({"who", "L"}).code, 0);
    EXPECT_TRUE(held->valid());
    EXPECT_EQ(run({"lock", "L", "--no-wait", "--", "true"}).code, 75);
}

TEST_P(HolderVerbs, WatchLockTellsEachChange) {
    Client other = client();
    Verb watching({"watch", "lock", "L", "--url", url(), "--json"});
    watching.wait_for("\"free\"");
    std::optional<HeldLock> held = other.mutex("L").acquire_for(0s);
    watching.wait_for("\"token\":1");
    held->release();
    poll_until("free again", [&] {
        const std::string text = watching.text();
        return text.find("free", text.find("held")) != std::string::npos;
    });
    watching.process().signal(SIGTERM);
    EXPECT_EQ(watching.wait(), 128 + SIGTERM);
}

TEST_P(HolderVerbs, BreakRefusesAndTellsTheToken) {
    EXPECT_EQ(run({"break", "L", "--token", "1", "--yes"}).code, 75);
    Client other = client();
    const std::optional<HeldLock> held = other.mutex("L").acquire_for(0s);
    const VerbEnded without = run({"break", "L"});
    EXPECT_EQ(without.code, 64);
    EXPECT_THAT(without.text, HasSubstr("--token 1 --yes"));
    EXPECT_EQ(run({"break", "L", "--token", "1"}).code, 64);
    const VerbEnded wrong = run({"break", "L", "--token", "7", "--yes"});
    EXPECT_EQ(wrong.code, 75);
    EXPECT_THAT(wrong.text, HasSubstr("held with token 1, not 7"));
    EXPECT_TRUE(held->valid());
    EXPECT_FALSE(other.mutex("L").acquire_for(0s));
}

TEST_P(RedisHolderVerbs, BreakTakesTheLockAndEndsItsCommand) {
    const Running held = start({"lock", "L", "--ttl", "2s"}, "trap '' TERM; sleep 600");
    EXPECT_EQ(run({"break", "L", "--token", "1", "--yes"}).code, 0);
    EXPECT_EQ(run({"who", "L"}).text, "free\n");
    EXPECT_EQ(held.verb->wait(), 79);
    EXPECT_TRUE(is_gone(held.group));
}

TEST(FileHolderVerbs, ABrokenFileLockIsBeyondThisBackend) {
    const TempFolder folder;
    const std::string url = "file://" + folder.file("f");
    Client holder = connect(url);
    const std::optional<HeldLock> held = holder.mutex("L").acquire_for(0s);
    const VerbEnded ran = run_verb({"break", "--url", url, "L", "--token", "1", "--yes"});
    EXPECT_EQ(ran.code, 78);
    EXPECT_THAT(ran.text, HasSubstr("it ends with its process"));
}

}  // namespace
}  // namespace conclave
