// Three sentinels over a master and two replicas: failover by their own messages.

#include <gtest/gtest.h>

#include <algorithm>

#include "watched_redis.hpp"

namespace conclave::servers::redis {

TEST(SentinelFailover, CrashedMasterIsReplacedByAReplica) {
    WatchedRedis redis(3);
    std::string before, after, role;
    redis.add_client(15, [&](Runtime& runtime) {
        before = WatchedRedis::master_of(runtime, "s1");
    });
    redis.world.at(at_seconds(20), [&] { redis.server("m").crash(); });
    redis.add_client(50, [&](Runtime& runtime) {
        after = WatchedRedis::master_of(runtime, "s2");
        TestClient client(runtime, RedisWorld::endpoint(after));
        role = client.command({"ROLE"}).elements.at(0).text;
    });
    redis.run(60);
    EXPECT_EQ(before, "m");
    EXPECT_TRUE(after == "r1" || after == "r2") << after;
    EXPECT_EQ(role, "master");
}

// Sentinel promotes with CONFIG REWRITE: a server that restarts as it was started would follow a
// master that is gone.
TEST(SentinelFailover, PromotedMasterKeepsItsRoleOverAPowerLoss) {
    WatchedRedis redis(3);
    std::string promoted, role;
    redis.world.at(at_seconds(20), [&] { redis.server("m").crash(); });
    redis.add_client(45, [&](Runtime& runtime) {
        promoted = WatchedRedis::master_of(runtime, "s2");
    });
    redis.world.at(at_seconds(47), [&] {
        redis.host(promoted).power_loss();
        redis.host(promoted).power_on();
        redis.server(promoted).restart();
    });
    redis.add_client(48, [&](Runtime& runtime) {
        TestClient client(runtime, RedisWorld::endpoint(promoted));
        role = client.command({"ROLE"}).elements.at(0).text;
    });
    redis.run(50);
    EXPECT_NE(promoted, "m");
    EXPECT_EQ(role, "master");
}

// Sentinel ends the script of a server that is down by it; what answers by then is not killed.
TEST(SentinelFailover, ScriptThatKeepsAServerDownIsKilledOnce) {
    WatchedRedis redis(3);
    std::string pong;
    redis.world.at(at_seconds(20), [&] { redis.running("r1").occupy(3s); });
    redis.world.at(at_seconds(30), [&] { redis.running("m").occupy(1h); });
    redis.add_client(60, [&](Runtime& runtime) {
        pong = TestClient(runtime, RedisWorld::endpoint("m")).command({"PING"}).text;
    });
    redis.run(70);
    EXPECT_EQ(pong, "PONG");
    EXPECT_EQ(std::count(redis.reported().begin(), redis.reported().end(),
                         "redis.script_killed by SCRIPT KILL"),
              1);
}

// The smaller priority is promoted, whatever the offsets and ids; 0 never is.
TEST(SentinelFailover, PromotesByReplicaPriority) {
    const auto promoted = [](int priority_of_r1, std::uint64_t seed) {
        WatchedRedis redis(seed, {}, priority_of_r1);
        std::string after;
        redis.world.at(at_seconds(20), [&] { redis.server("m").crash(); });
        redis.add_client(50,
                         [&](Runtime& runtime) { after = WatchedRedis::master_of(runtime, "s2"); });
        redis.run(60);
        return after;
    };
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        EXPECT_EQ(promoted(10, seed), "r1");
        EXPECT_EQ(promoted(200, seed), "r2");
        EXPECT_EQ(promoted(0, seed), "r2");
    }
}

TEST(SentinelFailover, HealthyMasterStays) {
    WatchedRedis redis(4);
    std::string master;
    redis.add_client(110, [&](Runtime& runtime) {
        master = WatchedRedis::master_of(runtime, "s3");
    });
    redis.run(120);
    EXPECT_EQ(master, "m");
}

TEST(SentinelFailover, MinorityOfSentinelsChangesNothing) {
    WatchedRedis redis(5);
    std::string master;
    redis.world.at(at_seconds(20), [&] {
        redis.world.network().partition(
            {&redis.host("m"), redis.sentinel_hosts[1], redis.sentinel_hosts[2]},
            {&redis.host("r1"), &redis.host("r2"), redis.sentinel_hosts[0]});
    });
    redis.add_client(80, [&](Runtime& runtime) {
        master = WatchedRedis::master_of(runtime, "s1");
    });
    redis.run(100);
    EXPECT_EQ(master, "m");
}

// R1 and R2: the partitioned master keeps granting a lock that the new master grants too, and its
// acknowledged writes are erased once it is demoted, at least 8 s after the heal.
TEST(SentinelFailover, PartitionedMasterGrantsTheSameLockAndForgetsIt) {
    WatchedRedis redis(6);
    std::string old_grant, new_grant, owner_in_the_end;
    redis.world.at(at_seconds(20), [&] {
        std::vector<sim::Host*> majority = redis.sentinel_hosts;
        majority.push_back(&redis.host("r1"));
        majority.push_back(&redis.host("r2"));
        const auto fault = redis.world.network().partition({&redis.host("m")}, majority);
        redis.world.at(at_seconds(60), [&redis, fault] { redis.world.network().heal(fault); });
    });
    redis.add_client(21, [&](Runtime& runtime) {
        TestClient client(runtime, RedisWorld::endpoint("m"));
        old_grant = client.command({"SET", "lock", "old", "NX"}).text;
    });
    redis.add_client(55, [&](Runtime& runtime) {
        TestClient client(runtime, RedisWorld::endpoint(WatchedRedis::master_of(runtime, "s1")));
        new_grant = client.command({"SET", "lock", "new", "NX"}).text;
    });
    redis.add_client(110, [&](Runtime& runtime) {
        TestClient client(runtime, RedisWorld::endpoint("m"));
        owner_in_the_end = client.command({"GET", "lock"}).text;
    });
    redis.run(120);
    EXPECT_EQ(old_grant, "OK");
    EXPECT_EQ(new_grant, "OK");
    EXPECT_EQ(owner_in_the_end, "new");
}

}  // namespace conclave::servers::redis
