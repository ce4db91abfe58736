// Debian's python3-tooz as a client of `conclave serve redis`: everything its driver does to a real
// server, done to the model.

#include <gtest/gtest.h>

#include "served_redis.hpp"
#include "tooz_peer.hpp"

namespace conclave::interop {
namespace {

class ServedTooz : public testing::Test {
protected:
    bool acquire(ToozPeer& peer) {
        return peer.call("acquire", {{"name", "lock"}, {"blocking", false}});
    }

    ServedRedis server_;
    ToozPeer alice_{server_.port(), "alice"};
    ToozPeer bob_{server_.port(), "bob"};
};

TEST_F(ServedTooz, MembersJoinBeatAndLeave) {
    alice_.call("create_group", {{"group", "g"}});
    alice_.call("join", {{"group", "g"}, {"capabilities", {{"zone", "a"}, {"weight", 3}}}});
    bob_.call("join", {{"group", "g"}, {"capabilities", {{"zone", "b"}}}});
    for (ToozPeer* peer : {&alice_, &bob_}) peer->call("heartbeat");
    EXPECT_EQ(bob_.call("groups"), nlohmann::json({"g"}));
    EXPECT_EQ(bob_.call("members", {{"group", "g"}}), nlohmann::json({"alice", "bob"}));
    EXPECT_EQ(bob_.call("capabilities", {{"group", "g"}, {"member", "alice"}}),
              nlohmann::json({{"zone", "a"}, {"weight", 3}}));
    alice_.call("leave", {{"group", "g"}});
    EXPECT_EQ(bob_.call("members", {{"group", "g"}}), nlohmann::json({"bob"}));
}

TEST_F(ServedTooz, GroupErrorsAreToozs) {
    alice_.call("create_group", {{"group", "g"}});
    EXPECT_EQ(bob_.refusal("create_group", {{"group", "g"}}), "GroupAlreadyExist");
    EXPECT_EQ(bob_.refusal("join", {{"group", "other"}, {"capabilities", nullptr}}),
              "GroupNotCreated");
    bob_.call("join", {{"group", "g"}, {"capabilities", nullptr}});
    EXPECT_EQ(bob_.refusal("join", {{"group", "g"}, {"capabilities", nullptr}}),
              "MemberAlreadyExist");
    EXPECT_EQ(alice_.refusal("leave", {{"group", "g"}}), "MemberNotJoined");
}

TEST_F(ServedTooz, ALockHasOneHolderAtATime) {
    ASSERT_TRUE(acquire(alice_));
    EXPECT_FALSE(acquire(bob_));
    alice_.call("heartbeat");
    EXPECT_FALSE(acquire(bob_));
    ASSERT_TRUE(alice_.call("release", {{"name", "lock"}}));
    EXPECT_TRUE(acquire(bob_));
}

TEST_F(ServedTooz, AWaitingAcquirerGetsTheLockWhenItIsReleased) {
    ASSERT_TRUE(acquire(alice_));
    bob_.begin("acquire", {{"name", "lock"}, {"blocking", true}});
    ASSERT_TRUE(alice_.call("release", {{"name", "lock"}}));
    EXPECT_TRUE(bob_.finish());
}

TEST_F(ServedTooz, OneLeaderAtATime) {
    alice_.call("create_group", {{"group", "g"}});
    for (ToozPeer* peer : {&alice_, &bob_}) peer->call("watch_election", {{"group", "g"}});
    EXPECT_TRUE(alice_.call("campaign", {{"group", "g"}}));
    EXPECT_FALSE(bob_.call("campaign", {{"group", "g"}}));
    alice_.call("stop");
    EXPECT_TRUE(bob_.call("campaign", {{"group", "g"}}));
}

}  // namespace
}  // namespace conclave::interop
