#include <gtest/gtest.h>

#include "engine_side.hpp"

namespace conclave::servers::redis {

TEST(Expiry, KeyLivesThroughItsLastMillisecond) {
    EngineSide side;
    side.run({"set", "k", "v", "px", "100"});
    side.now += 100;
    EXPECT_EQ(side.run({"get", "k"}), "$1\r\nv\r\n");
    EXPECT_EQ(side.run({"pttl", "k"}), ":0\r\n");
    side.now += 1;
    EXPECT_EQ(side.run({"get", "k"}), "$-1\r\n");
    EXPECT_EQ(side.run({"pttl", "k"}), ":-2\r\n");
}

TEST(Expiry, OverwritingForgetsTheOldTime) {
    EngineSide side;
    side.run({"set", "k", "old", "px", "100"});
    side.run({"set", "k", "new"});
    EXPECT_EQ(side.run({"pttl", "k"}), ":-1\r\n");
    side.now += 101;
    EXPECT_EQ(side.run({"get", "k"}), "$3\r\nnew\r\n");
}

TEST(Expiry, LazyDeletionFreesTheKeyForItsNextOwner) {
    EngineSide side;
    side.run({"set", "k", "old", "px", "1", "nx"});
    EXPECT_EQ(side.run({"set", "k", "new", "nx"}), "$-1\r\n");
    side.now += 2;
    EXPECT_EQ(side.run({"dbsize"}), ":1\r\n") << "expired, but nobody has looked";
    EXPECT_EQ(side.run({"set", "k", "new", "nx"}), "+OK\r\n");
}

TEST(Expiry, ActiveCycleDeletesWithoutAnAccess) {
    EngineSide side;
    side.run({"set", "k", "v", "px", "50"});
    side.run({"set", "stays", "v"});
    side.now += 51;
    side.engine.expire_keys(side.now);
    EXPECT_EQ(side.run({"dbsize"}), ":1\r\n");
    EXPECT_EQ(side.engine.volatile_keys(), 0u);
}

TEST(Expiry, BackwardClockStepLengthensALife) {
    EngineSide side;
    side.run({"set", "k", "v", "px", "100"});
    side.now -= 1000;
    EXPECT_EQ(side.run({"pttl", "k"}), ":1100\r\n");
}

TEST(Replication, StreamCarriesAbsoluteTimesAndEffects) {
    EngineSide side;
    side.engine.feed(true);
    side.run({"set", "k", "v", "px", "100", "nx"});
    EXPECT_EQ(side.engine.stream(),
              "*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n"
              "*5\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n$4\r\nPXAT\r\n$13\r\n1700000000100\r\n");
    side.engine.stream().clear();
    side.now += 101;
    side.run({"get", "k"});
    EXPECT_EQ(side.engine.stream(), "*2\r\n$3\r\nDEL\r\n$1\r\nk\r\n");
    side.engine.stream().clear();
    side.run({"set", "k", "v", "xx"});
    EXPECT_EQ(side.engine.stream(), "") << "a command without effect is not replicated";
}

TEST(Replication, TransactionReachesReplicasAsOne) {
    EngineSide side;
    side.engine.feed(true);
    side.run({"set", "warm", "up"});
    side.engine.stream().clear();
    side.run({"multi"});
    side.run({"incr", "a"});
    side.run({"incr", "b"});
    side.run({"exec"});
    EXPECT_TRUE(side.engine.stream().starts_with("*1\r\n$5\r\nMULTI\r\n"));
    EXPECT_TRUE(side.engine.stream().ends_with("*1\r\n$4\r\nEXEC\r\n"));
}

TEST(Replication, SnapshotRebuildsEveryTypeWithItsExpiry) {
    EngineSide side;
    side.run({"set", "s", "v", "pxat", "1700000005000"});
    side.run({"hset", "h", "f", "1", "g", "2"});
    side.run({"sadd", "m", "x", "y"});
    const std::string snapshot = side.engine.snapshot();
    EXPECT_NE(snapshot.find("PEXPIREAT"), std::string::npos);
    EXPECT_NE(snapshot.find("HSET"), std::string::npos);
    EXPECT_NE(snapshot.find("SADD"), std::string::npos);
}

TEST(Replica, HidesAnExpiredKeyAndKeepsIt) {
    EngineSide side;
    side.run({"set", "k", "v", "px", "100"});
    side.engine.replication().replica = true;
    side.now += 101;
    EXPECT_EQ(side.run({"get", "k"}), "$-1\r\n");
    side.engine.expire_keys(side.now);
    EXPECT_EQ(side.run({"dbsize"}), ":1\r\n") << "only the master's DEL removes it";
}

TEST(Replica, RefusesWrites) {
    EngineSide side;
    side.engine.replication().replica = true;
    EXPECT_EQ(side.run({"set", "k", "v"}),
              "-READONLY You can't write against a read only replica.\r\n");
}

TEST(MinReplicas, RefusesWritesWhenTooFewAreInTouch) {
    EngineOptions options;
    options.min_replicas_to_write = 1;
    EngineSide side(options);
    EXPECT_EQ(side.run({"set", "k", "v"}),
              "-NOREPLICAS Not enough good replicas to write.\r\n");
    side.engine.replication().replicas.push_back({9, {"r", 1, {}}, 0, side.now, true});
    EXPECT_EQ(side.run({"set", "k", "v"}), "+OK\r\n");
    side.now += 11'000;
    EXPECT_EQ(side.run({"set", "k", "v"}),
              "-NOREPLICAS Not enough good replicas to write.\r\n");
}

TEST(Eviction, LeastRecentlyUsedKeyMakesRoom) {
    EngineOptions options;
    options.keys_max = 2;
    options.eviction = Eviction::allkeys_lru;
    EngineSide side(options);
    side.run({"set", "lock", "owner"});
    side.run({"set", "b", "v"});
    side.run({"get", "b"});
    EXPECT_EQ(side.run({"set", "c", "v"}), "+OK\r\n");
    EXPECT_EQ(side.run({"get", "lock"}), "$-1\r\n");
    EXPECT_EQ(side.engine.evicted_keys(), 1u);
}

TEST(Eviction, VolatileLruSparesKeysThatDoNotExpire) {
    EngineOptions options;
    options.keys_max = 2;
    options.eviction = Eviction::volatile_lru;
    EngineSide side(options);
    side.run({"set", "kept", "v"});
    side.run({"set", "lock", "owner", "px", "60000"});
    EXPECT_EQ(side.run({"set", "c", "v"}), "+OK\r\n");
    EXPECT_EQ(side.run({"get", "lock"}), "$-1\r\n") << "the only one that may go";
    EXPECT_EQ(side.run({"get", "kept"}), "$1\r\nv\r\n") << "though it is the oldest";
    EXPECT_EQ(side.run({"set", "d", "v"}),
              "-OOM command not allowed when used memory > 'maxmemory'.\r\n")
        << "nothing that is left may go";
}

TEST(Eviction, NoevictionRefusesWhatMayGrow) {
    EngineOptions options;
    options.keys_max = 1;
    EngineSide side(options);
    side.run({"set", "a", "v"});
    EXPECT_EQ(side.run({"set", "b", "v"}),
              "-OOM command not allowed when used memory > 'maxmemory'.\r\n");
    EXPECT_EQ(side.run({"del", "a"}), ":1\r\n");
}

TEST(Eviction, IsToldToWhoeverAsks) {
    EngineOptions options;
    options.keys_max = 7;
    options.eviction = Eviction::volatile_lru;
    EngineSide side(options);
    const std::string info = side.run({"info", "memory"});
    EXPECT_NE(info.find("\r\nmaxmemory:7\r\nmaxmemory_policy:volatile-lru\r\n"), std::string::npos)
        << info;
    EXPECT_EQ(side.run({"config", "get", "maxmemory-policy"}),
              "*2\r\n$16\r\nmaxmemory-policy\r\n$12\r\nvolatile-lru\r\n");
    EXPECT_NE(EngineSide().run({"info"}).find("maxmemory_policy:noeviction"), std::string::npos);
}

TEST(Unknown, RealButUnmodelledCommandsAreNamedAsSuch) {
    EngineSide side;
    EXPECT_EQ(side.run({"LPUSH", "k", "v"}), "-ERR unsupported by the model: command 'lpush'\r\n");
    EXPECT_EQ(side.run({"nosuch"}),
              "-ERR unknown command 'nosuch', with args beginning with: \r\n");
    EXPECT_EQ(side.run({"client|id"}),
              "-ERR unknown command 'client|id', with args beginning with: \r\n");
}

TEST(Access, PasswordGuardsEverythingButAuthentication) {
    EngineOptions options;
    options.password = "secret";
    options.users = {{"worker", "w"}};
    EngineSide side(options);
    EXPECT_EQ(side.run({"get", "k"}), "-NOAUTH Authentication required.\r\n");
    EXPECT_EQ(side.run({"auth", "wrong"}),
              "-WRONGPASS invalid username-password pair or user is disabled.\r\n");
    EXPECT_EQ(side.run({"auth", "worker", "w"}), "+OK\r\n");
    EXPECT_EQ(side.run({"get", "k"}), "$-1\r\n");
    EXPECT_EQ(side.run(side.second, {"hello", "2", "auth", "default", "secret"}).substr(0, 4),
              "*14\r");
}

TEST(Clients, KillAndPauseReachTheConnectionLayer) {
    EngineSide side;
    EXPECT_EQ(side.run({"client", "kill", "type", "normal"}), ":1\r\n");
    EXPECT_EQ(side.supervisor.killed, std::vector<std::uint64_t>{2});
    side.run({"client", "pause", "250"});
    EXPECT_EQ(side.supervisor.paused_until, side.now + 250);
    side.run({"replicaof", "other", "6379"});
    EXPECT_EQ(side.supervisor.followed, "other");
}

TEST(PubSub, MessageReachesChannelAndPatternListeners) {
    EngineSide side;
    side.run(side.second, {"subscribe", "news"});
    side.run(side.second, {"psubscribe", "n*"});
    side.second.output.clear();
    EXPECT_EQ(side.run({"publish", "news", "hi"}), ":2\r\n");
    EXPECT_EQ(side.second.output,
              "*3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$2\r\nhi\r\n"
              "*4\r\n$8\r\npmessage\r\n$2\r\nn*\r\n$4\r\nnews\r\n$2\r\nhi\r\n");
    EXPECT_EQ(side.run(side.second, {"get", "k"}).substr(0, 27), "-ERR Can't execute 'get': o");
    side.engine.disconnected(side.second);
    EXPECT_EQ(side.run({"publish", "news", "hi"}), ":0\r\n");
    side.engine.connected(side.second);
}

TEST(Scan, DeletesWhatHasExpiredAmongTheKeysThatMatch) {
    EngineSide side;
    for (const char* key : {"a1", "a2", "b"}) side.run({"set", key, "v", "pxat", "1"});
    EXPECT_EQ(side.run({"keys", "*"}), "*0\r\n");
    EXPECT_EQ(side.run({"dbsize"}), ":3\r\n") << "KEYS only hides";
    EXPECT_EQ(side.run({"scan", "0", "match", "a*", "type", "hash"}), "*2\r\n$1\r\n0\r\n*0\r\n");
    EXPECT_EQ(side.run({"dbsize"}), ":1\r\n");
}

TEST(Hello, KeepsTheNameThoughALaterOptionIsRefused) {
    EngineSide side;
    EXPECT_EQ(side.run({"hello", "2", "setname", "n", "1"}),
              "-ERR Syntax error in HELLO option '1'\r\n");
    EXPECT_EQ(side.run({"client", "getname"}), "$1\r\nn\r\n");
}

}  // namespace conclave::servers::redis
