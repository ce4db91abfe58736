// Replicas: synchronisation, lag, WAIT and its trap, reads by another clock.

#include <gtest/gtest.h>

#include <algorithm>

#include "simulated_redis.hpp"

namespace conclave::servers::redis {

namespace {

void add_pair(RedisWorld& redis, ServerOptions master = {}) {
    redis.add_server("master", std::move(master));
    redis.add_server("replica", {.replica_of = RedisWorld::endpoint("master")});
}

std::string field(const std::string& info, const std::string& name) {
    const std::size_t at = info.find(name + ":");
    if (at == std::string::npos) return "absent";
    const std::size_t start = at + name.size() + 1;
    return info.substr(start, info.find('\r', start) - start);
}

std::string info(Runtime& runtime, const std::string& host, const std::string& name) {
    TestClient client(runtime, RedisWorld::endpoint(host));
    return field(client.command({"INFO", "replication"}).text, name);
}

std::int64_t count(const std::vector<std::string>& lines, const std::string& line) {
    return std::count(lines.begin(), lines.end(), line);
}

}  // namespace

TEST(Replication, ReplicaCopiesTheDataAndFollows) {
    RedisWorld redis;
    add_pair(redis);
    bool finished = false;
    redis.add_client(5, [&](Runtime& runtime) {
        TestClient master(runtime, RedisWorld::endpoint("master"));
        TestClient replica(runtime, RedisWorld::endpoint("replica"));
        EXPECT_EQ(info(runtime, "replica", "master_link_status"), "up");
        EXPECT_EQ(info(runtime, "master", "connected_slaves"), "1");
        master.command({"SET", "k", "v", "PX", "60000"});
        EXPECT_EQ(master.command({"WAIT", "1", "0"}).integer, 1);
        EXPECT_EQ(replica.command({"GET", "k"}).text, "v");
        EXPECT_TRUE(replica.command({"SET", "k", "w"}).text.starts_with("READONLY"));
        EXPECT_EQ(replica.command({"ROLE"}).elements.at(0).text, "slave");
        EXPECT_EQ(info(runtime, "master", "master_repl_offset"),
                  info(runtime, "replica", "slave_repl_offset"));
        finished = true;
    });
    redis.run(30);
    EXPECT_TRUE(finished);
}

TEST(Replication, ReplicaLagsBehindAPartitionAndCatchesUp) {
    RedisWorld redis;
    add_pair(redis);
    std::vector<std::string> seen;
    const auto look = [&](Runtime& runtime) {
        TestClient client(runtime, RedisWorld::endpoint("replica"));
        seen.push_back(client.command({"GET", "k"}).text);
    };
    redis.world.at(at_seconds(5), [&] {
        const auto fault = redis.world.network().partition({&redis.host("master")},
                                                           {&redis.host("replica")});
        redis.world.at(at_seconds(12), [&redis, fault] { redis.world.network().heal(fault); });
    });
    redis.add_client(6, [](Runtime& runtime) {
        TestClient client(runtime, RedisWorld::endpoint("master"));
        client.command({"SET", "k", "v"});
    });
    redis.add_client(10, look);
    redis.add_client(30, look);
    redis.run(40);
    EXPECT_EQ(seen, (std::vector<std::string>{"", "v"}));
}

TEST(Replication, BrokenLinkIsResumedFromTheBacklog) {
    RedisWorld redis;
    add_pair(redis);
    std::string value, link;
    redis.add_client(4, [&](Runtime& runtime) {
        TestClient client(runtime, RedisWorld::endpoint("master"));
        client.command({"SET", "k", "before"});
    });
    redis.world.at(at_seconds(6), [&] {
        redis.world.network().reset_connections(redis.host("master"), redis.host("replica"));
    });
    redis.add_client(6.1, [&](Runtime& runtime) {
        TestClient client(runtime, RedisWorld::endpoint("master"));
        client.command({"SET", "k", "missed"});
    });
    redis.add_client(15, [&](Runtime& runtime) {
        TestClient client(runtime, RedisWorld::endpoint("replica"));
        value = client.command({"GET", "k"}).text;
        link = info(runtime, "replica", "master_link_status");
    });
    redis.run(20);
    EXPECT_EQ(count(redis.reported(), "redis.full_resync replica"), 1) << "the one at the start";
    EXPECT_EQ(count(redis.reported(), "redis.partial_resync replica"), 1);
    EXPECT_EQ(value, "missed");
    EXPECT_EQ(link, "up");
}

namespace {

/// How "r2" joined "r1" after "r1" was promoted in place of "master"; `ahead` writes that r2 never
/// had are made on the promoted one first.
struct Joined {
    std::vector<std::string> reported;
    std::string value, id, second_id, second_offset, old_id;
};
Joined join_promoted(bool r2_is_ahead) {
    RedisWorld redis;
    redis.add_server("master");
    redis.add_server("r1", {.replica_of = RedisWorld::endpoint("master")});
    redis.add_server("r2", {.replica_of = RedisWorld::endpoint("master")});
    Joined joined;
    redis.add_client(4, [&](Runtime& runtime) {
        joined.old_id = info(runtime, "r1", "master_replid");
        if (r2_is_ahead)
            redis.world.network().partition({&redis.host("master")}, {&redis.host("r1")});
        TestClient(runtime, RedisWorld::endpoint("master")).command({"SET", "k", "v"});
        sleep_for(runtime, 1s);
        TestClient r1(runtime, RedisWorld::endpoint("r1"));
        r1.command({"REPLICAOF", "NO", "ONE"});
        TestClient r2(runtime, RedisWorld::endpoint("r2"));
        r2.command({"REPLICAOF", "r1", "6379"});
        sleep_for(runtime, 5s);
        r1.command({"SET", "k", "w"});
        sleep_for(runtime, 1s);
        joined.value = r2.command({"GET", "k"}).text;
        joined.id = info(runtime, "r1", "master_replid");
        joined.second_id = info(runtime, "r1", "master_replid2");
        joined.second_offset = info(runtime, "r1", "second_repl_offset");
    });
    redis.run(20);
    joined.reported = redis.reported();
    return joined;
}

}  // namespace

// PSYNC2: what followed the same master goes on by the second id, up to the offset of the
// promotion.
TEST(Replication, ReplicaOfThePromotedOneGoesOnByTheSecondId) {
    const Joined joined = join_promoted(false);
    EXPECT_EQ(joined.second_id, joined.old_id);
    EXPECT_NE(joined.id, joined.old_id);
    EXPECT_NE(joined.second_offset, "-1");
    EXPECT_EQ(count(joined.reported, "redis.partial_resync r2"), 1);
    EXPECT_EQ(count(joined.reported, "redis.full_resync r2"), 1) << "the one at the start";
    EXPECT_EQ(joined.value, "w");
}

TEST(Replication, ReplicaThatHadMoreThanThePromotedOneLosesItInAFullResync) {
    const Joined joined = join_promoted(true);
    EXPECT_EQ(count(joined.reported, "redis.partial_resync r2"), 0);
    EXPECT_EQ(count(joined.reported, "redis.full_resync r2"), 2);
    EXPECT_EQ(joined.value, "w");
}

TEST(Replication, DivergedMasterLosesItsOwnWritesWhenItIsDemoted) {
    RedisWorld redis;
    add_pair(redis);
    resp::Reply lost, kept;
    redis.add_client(5, [&](Runtime& runtime) {
        TestClient old_master(runtime, RedisWorld::endpoint("master"));
        TestClient new_master(runtime, RedisWorld::endpoint("replica"));
        old_master.command({"SET", "shared", "v"});
        old_master.command({"WAIT", "1", "0"});
        new_master.command({"REPLICAOF", "NO", "ONE"});
        old_master.command({"SET", "lock", "ghost"});
        new_master.command({"SET", "lock", "other"});
        old_master.command({"REPLICAOF", "replica", "6379"});
        sleep_for(runtime, 10s);
        TestClient demoted(runtime, RedisWorld::endpoint("master"));
        lost = demoted.command({"GET", "lock"});
        kept = demoted.command({"GET", "shared"});
    });
    redis.run(30);
    EXPECT_EQ(lost.text, "other") << "an acknowledged write was erased";
    EXPECT_EQ(kept.text, "v");
}

// R6: WAIT answers for its own connection's last command, not for the write one cares about.
TEST(Wait, OnAnotherConnectionClaimsWhatDidNotHappen) {
    RedisWorld redis;
    add_pair(redis);
    std::int64_t fresh = -1, own = -1;
    redis.world.at(at_seconds(5), [&] { redis.server("replica").pause(); });
    redis.add_client(6, [&](Runtime& runtime) {
        TestClient writer(runtime, RedisWorld::endpoint("master"));
        TestClient other(runtime, RedisWorld::endpoint("master"));
        writer.command({"SET", "lock", "me"});
        fresh = other.command({"WAIT", "1", "500"}).integer;
        own = writer.command({"WAIT", "1", "500"}).integer;
    });
    redis.run(20);
    EXPECT_EQ(fresh, 1);
    EXPECT_EQ(own, 0);
}

// R7: a replica hides a key by its own clock, and a master's clock sets the time.
TEST(Replication, ReplicaWithAFastClockMissesALivingKey) {
    RedisWorld redis;
    add_pair(redis);
    resp::Reply on_master, on_replica;
    redis.world.at(at_seconds(3), [&] { redis.host("replica").step_wall_clock(60s); });
    redis.add_client(5, [&](Runtime& runtime) {
        TestClient master(runtime, RedisWorld::endpoint("master"));
        TestClient replica(runtime, RedisWorld::endpoint("replica"));
        master.command({"SET", "lock", "me", "PX", "30000"});
        master.command({"WAIT", "1", "0"});
        on_master = master.command({"GET", "lock"});
        on_replica = replica.command({"GET", "lock"});
    });
    redis.run(20);
    EXPECT_EQ(on_master.text, "me");
    EXPECT_EQ(on_replica.type, resp::Type::null);
}

TEST(MinReplicas, MasterWithoutItsReplicaStopsAcceptingWrites) {
    RedisWorld redis;
    add_pair(redis, {.min_replicas_to_write = 1});
    std::vector<std::string> answers;
    redis.world.at(at_seconds(5), [&] { redis.server("replica").pause(); });
    const auto write = [&](Runtime& runtime) {
        TestClient client(runtime, RedisWorld::endpoint("master"));
        answers.push_back(client.command({"SET", "k", "v"}).text.substr(0, 10));
    };
    redis.add_client(4, write);
    redis.add_client(10, write);
    redis.add_client(25, write);
    redis.run(30);
    // Within the allowed lag it still writes: the window in which acknowledged writes get lost.
    EXPECT_EQ(answers, (std::vector<std::string>{"OK", "OK", "NOREPLICAS"}));
}

TEST(MinReplicas, TheWindowIsAsLongAsTheAllowedLag) {
    RedisWorld redis;
    add_pair(redis, {.min_replicas_to_write = 1, .min_replicas_max_lag = 2s});
    std::vector<std::string> answers;
    redis.world.at(at_seconds(5), [&] { redis.server("replica").pause(); });
    for (const double second : {6.0, 9.0})
        redis.add_client(second, [&](Runtime& runtime) {
            TestClient client(runtime, RedisWorld::endpoint("master"));
            answers.push_back(client.command({"SET", "k", "v"}).text.substr(0, 10));
        });
    redis.run(20);
    EXPECT_EQ(answers, (std::vector<std::string>{"OK", "NOREPLICAS"}));
}

}  // namespace conclave::servers::redis
