// What a sentinel keeps over a restart, and TILT: when it trusts none of its own measurements.

#include <gtest/gtest.h>

#include "watched_redis.hpp"

namespace conclave::servers::redis {
namespace {

/// Asks for a vote; "leader epoch" as it is answered.
std::string vote(TestClient& client, const std::string& epoch, const std::string& candidate) {
    const resp::Reply reply =
        client.command({"SENTINEL", "is-master-down-by-addr", "m", "6379", epoch, candidate});
    if (reply.elements.size() != 3) return reply.text;
    return reply.elements[1].text + " " + std::to_string(reply.elements[2].integer);
}

std::string information(Runtime& runtime, const std::string& sentinel) {
    return TestClient(runtime, WatchedRedis::sentinel(sentinel)).command({"INFO", "sentinel"}).text;
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

class SentinelRestart : public testing::TestWithParam<bool> {};

}  // namespace

TEST_P(SentinelRestart, NeitherForgetsItsVoteNorWhoItIs) {
    WatchedRedis redis(1);
    std::string id_before, id_after;
    std::vector<std::string> votes;
    redis.add_client(10, [&](Runtime& runtime) {
        TestClient client(runtime, WatchedRedis::sentinel("s1"));
        id_before = client.command({"SENTINEL", "myid"}).text;
        votes.push_back(vote(client, "7", "alice"));
        votes.push_back(vote(client, "7", "bob"));
    });
    redis.world.at(at_seconds(12), [&] {
        if (GetParam()) {
            redis.sentinel_hosts[0]->power_loss();
            redis.sentinel_hosts[0]->power_on();
        }
        redis.sentinel_processes[0]->restart();
    });
    std::string replicas;
    redis.add_client(12.5, [&](Runtime& runtime) {
        TestClient client(runtime, WatchedRedis::sentinel("s1"));
        id_after = client.command({"SENTINEL", "myid"}).text;
        replicas = information(runtime, "s1");
        votes.push_back(vote(client, "7", "bob"));
        votes.push_back(vote(client, "8", "bob"));
    });
    redis.run(15);
    EXPECT_EQ(id_before, id_after);
    EXPECT_TRUE(contains(replicas, "slaves=2,sentinels=3")) << replicas;
    // For whom it voted is not kept, as in the real one: only that it did.
    EXPECT_EQ(votes, (std::vector<std::string>{"alice 7", "alice 7", "* 7", "bob 8"}));
}

INSTANTIATE_TEST_SUITE_P(CrashAndPowerLoss, SentinelRestart, testing::Bool());

TEST(SentinelConfiguration, OneThatWasAwayKnowsThePromotedMasterFromItsFile) {
    WatchedRedis redis(3);
    std::string before, after;
    redis.world.at(at_seconds(20), [&] { redis.server("m").crash(); });
    redis.add_client(50,
                     [&](Runtime& runtime) { before = WatchedRedis::master_of(runtime, "s2"); });
    redis.world.at(at_seconds(55), [&] { redis.sentinel_processes[1]->restart(); });
    redis.add_client(55.1,
                     [&](Runtime& runtime) { after = WatchedRedis::master_of(runtime, "s2"); });
    redis.run(60);
    EXPECT_NE(before, "m");
    EXPECT_EQ(before, after);
}

TEST(SentinelTilt, AStepOfTheWallClockHoldsFailoverBackForThirtySeconds) {
    WatchedRedis redis(3);
    std::string during, tilted, later;
    redis.world.at(at_seconds(19), [&] {
        for (sim::Host* host : redis.sentinel_hosts) host->step_wall_clock(10s);
    });
    redis.world.at(at_seconds(20), [&] { redis.server("m").crash(); });
    redis.add_client(45, [&](Runtime& runtime) {
        during = WatchedRedis::master_of(runtime, "s1");
        tilted = information(runtime, "s1");
    });
    redis.add_client(80, [&](Runtime& runtime) { later = WatchedRedis::master_of(runtime, "s1"); });
    redis.run(90);
    EXPECT_EQ(during, "m");
    EXPECT_TRUE(contains(tilted, "sentinel_tilt:1\r\nsentinel_tilt_since_seconds:2")) << tilted;
    EXPECT_TRUE(contains(tilted, "status=ok")) << "nothing is judged in TILT: " << tilted;
    EXPECT_NE(later, "m");
}

TEST(SentinelTilt, APauseEntersItAndAStepBackToo) {
    WatchedRedis redis(3);
    std::string paused, stepped, untouched, over;
    redis.world.at(at_seconds(15), [&] { redis.sentinel_processes[0]->pause(); });
    redis.world.at(at_seconds(18), [&] { redis.sentinel_processes[0]->resume(); });
    redis.world.at(at_seconds(18), [&] { redis.sentinel_hosts[1]->step_wall_clock(-1s); });
    redis.add_client(20, [&](Runtime& runtime) {
        paused = information(runtime, "s1");
        stepped = information(runtime, "s2");
        untouched = information(runtime, "s3");
    });
    redis.add_client(50, [&](Runtime& runtime) { over = information(runtime, "s1"); });
    redis.run(60);
    EXPECT_TRUE(contains(paused, "sentinel_tilt:1")) << paused;
    EXPECT_TRUE(contains(stepped, "sentinel_tilt:1")) << stepped;
    EXPECT_TRUE(contains(untouched, "sentinel_tilt:0")) << untouched;
    EXPECT_TRUE(contains(over, "sentinel_tilt:0\r\nsentinel_tilt_since_seconds:-1")) << over;
}

}  // namespace conclave::servers::redis
