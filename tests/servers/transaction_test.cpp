// MULTI, EXEC and WATCH: the cases that a model gets wrong when it guesses.

#include <gtest/gtest.h>

#include "engine_side.hpp"

namespace conclave::servers::redis {

namespace {

/// Whether EXEC goes through after `disturbance` of the watched key by another client.
bool survives(EngineSide& side, const std::vector<std::string>& disturbance) {
    side.run({"watch", "k"});
    side.run(side.second, disturbance);
    side.run({"multi"});
    return side.run({"exec"}) == "*0\r\n";
}

}  // namespace

TEST(Watch, SettingTheSameValueStillAborts) {
    EngineSide side;
    side.run({"set", "k", "v"});
    EXPECT_FALSE(survives(side, {"set", "k", "v"}));
}

TEST(Watch, ExpireAbortsAndDeletingAMissingKeyDoesNot) {
    EngineSide side;
    EXPECT_TRUE(survives(side, {"del", "k"}));
    side.run({"set", "k", "v"});
    EXPECT_FALSE(survives(side, {"expire", "k", "100"}));
    EXPECT_TRUE(survives(side, {"set", "other", "v"}));
}

TEST(Watch, KeyThatExpiresMeanwhileAborts) {
    EngineSide side;
    side.run({"set", "k", "v", "px", "100"});
    side.run({"watch", "k"});
    side.now += 101;
    side.run({"multi"});
    EXPECT_EQ(side.run({"exec"}), "*-1\r\n");
}

TEST(Watch, KeyThatHadExpiredBeforeDoesNotAbort) {
    EngineSide side;
    side.run({"set", "k", "v", "px", "100"});
    side.now += 101;
    side.run({"watch", "k"});
    side.run(side.second, {"get", "k"});
    side.run({"multi"});
    EXPECT_EQ(side.run({"exec"}), "*0\r\n");
}

TEST(Watch, InsideMultiIsAnErrorThatAbortsNothing) {
    EngineSide side;
    side.run({"multi"});
    EXPECT_EQ(side.run({"watch", "k"}), "-ERR WATCH inside MULTI is not allowed\r\n");
    side.run({"incr", "k"});
    EXPECT_EQ(side.run({"exec"}), "*1\r\n:1\r\n");
}

TEST(Watch, EndsWithExecAndWithUnwatch) {
    EngineSide side;
    side.run({"watch", "k"});
    side.run({"multi"});
    side.run({"exec"});
    EXPECT_TRUE(survives(side, {"get", "k"}));
    side.run({"watch", "k"});
    side.run({"unwatch"});
    side.run(side.second, {"set", "k", "v"});
    side.run({"multi"});
    EXPECT_EQ(side.run({"exec"}), "*0\r\n");
}

TEST(Transaction, RefusedCommandDiscardsIt) {
    EngineSide side;
    side.run({"multi"});
    side.run({"set", "k"});
    EXPECT_EQ(side.run({"set", "k", "v"}), "+QUEUED\r\n");
    EXPECT_EQ(side.run({"exec"}),
              "-EXECABORT Transaction discarded because of previous errors.\r\n");
    EXPECT_EQ(side.run({"get", "k"}), "$-1\r\n");
}

TEST(Transaction, FailingCommandDoesNotUndoTheOthers) {
    EngineSide side;
    side.run({"set", "k", "text"});
    side.run({"multi"});
    side.run({"set", "a", "1"});
    side.run({"incr", "k"});
    EXPECT_EQ(side.run({"exec"}),
              "*2\r\n+OK\r\n-ERR value is not an integer or out of range\r\n");
    EXPECT_EQ(side.run({"get", "a"}), "$1\r\n1\r\n");
}

TEST(Transaction, ScriptsAndTransactionsSeeOneInstant) {
    EngineSide side;
    side.run({"set", "k", "v", "px", "100"});
    side.now += 100;
    side.run({"multi"});
    side.run({"get", "k"});
    side.run({"pttl", "k"});
    EXPECT_EQ(side.run({"exec"}), "*2\r\n$1\r\nv\r\n:0\r\n");
}

}  // namespace conclave::servers::redis
