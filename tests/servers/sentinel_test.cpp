// Three sentinels over a master and two replicas: failover by their own messages.

#include "conclave/servers/redis/sentinel.hpp"

#include <gtest/gtest.h>

#include "simulated_redis.hpp"

namespace conclave::servers::redis {

namespace {

constexpr int sentinels = 3;

/// m, r1 and r2 with a sentinel on each of s1, s2, s3.
struct WatchedRedis : RedisWorld {
    explicit WatchedRedis(std::uint64_t seed) : RedisWorld(seed) {
        add_server("m");
        add_server("r1", {.replica_of = endpoint("m")});
        add_server("r2", {.replica_of = endpoint("m")});
        for (int i = 1; i <= sentinels; ++i) {
            const std::string name = "s" + std::to_string(i);
            sim::Host& machine = world.add_host(name);
            sentinel_hosts.push_back(&machine);
            world.add_process(machine, name, [name](sim::Process& process) {
                SentinelOptions options;
                options.listen = {name, 26379, {}};
                options.master = endpoint("m");
                options.down_after = 5s;
                options.failover_timeout = 30s;
                Sentinel(process.runtime(), options).run();
            });
        }
    }

    static std::string master_of(Runtime& runtime, const std::string& sentinel) {
        TestClient client(runtime, {sentinel, 26379, {}});
        const resp::Reply reply =
            client.command({"SENTINEL", "get-master-addr-by-name", "mymaster"});
        return reply.elements.empty() ? reply.text : reply.elements[0].text;
    }

    std::vector<sim::Host*> sentinel_hosts;
};

}  // namespace

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
