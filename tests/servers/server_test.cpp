// The connection layer and time, in a simulated world.

#include <gtest/gtest.h>

#include "simulated_redis.hpp"

namespace conclave::servers::redis {

namespace {

/// Runs one client against one server; fails when the client does not finish.
void with_server(ServerOptions options, std::function<void(Runtime&)> body) {
    RedisWorld redis;
    redis.add_server("redis", std::move(options));
    bool finished = false;
    redis.add_client(0.1, [&](Runtime& runtime) {
        body(runtime);
        finished = true;
    });
    redis.run(120);
    EXPECT_TRUE(finished);
}

}  // namespace

TEST(Server, AnswersPipelinesAndInlineCommands) {
    with_server({}, [](Runtime& runtime) {
        TestClient client(runtime, RedisWorld::endpoint("redis"));
        EXPECT_EQ(client.raw("PING\r\n*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\nGET k\r\nQUIT\r\n"),
                  "+PONG\r\n+OK\r\n$1\r\nv\r\n+OK\r\n");
    });
}

TEST(Server, MalformedInputIsAnsweredAndCutOff) {
    with_server({}, [](Runtime& runtime) {
        TestClient client(runtime, RedisWorld::endpoint("redis"));
        EXPECT_EQ(client.raw("*1\r\n$-5\r\nPING\r\n"),
                  "-ERR Protocol error: invalid bulk length\r\n");
        TestClient other(runtime, RedisWorld::endpoint("redis"));
        EXPECT_TRUE(other.command({"PING"}).is_status("PONG")) << "the server lives on";
    });
}

TEST(Server, PushesToSubscribersWhileTheyAreSilent) {
    with_server({}, [](Runtime& runtime) {
        TestClient listener(runtime, RedisWorld::endpoint("redis"));
        TestClient speaker(runtime, RedisWorld::endpoint("redis"));
        listener.command({"SUBSCRIBE", "news"});
        EXPECT_EQ(speaker.command({"PUBLISH", "news", "one"}).integer, 1);
        EXPECT_EQ(listener.receive().elements.at(2).text, "one");
    });
}

TEST(Server, KilledClientIsDisconnected) {
    with_server({}, [](Runtime& runtime) {
        TestClient victim(runtime, RedisWorld::endpoint("redis"));
        const auto id = victim.command({"CLIENT", "ID"}).integer;
        TestClient killer(runtime, RedisWorld::endpoint("redis"));
        EXPECT_EQ(killer.command({"CLIENT", "KILL", "ID", std::to_string(id)}).integer, 1);
        EXPECT_EQ(victim.command({"PING"}).text, "closed");
    });
}

TEST(Server, PauseHoldsCommandsBack) {
    with_server({}, [](Runtime& runtime) {
        TestClient client(runtime, RedisWorld::endpoint("redis"));
        client.command({"CLIENT", "PAUSE", "2000"});
        const TimePoint start = runtime.clock.now();
        EXPECT_TRUE(client.command({"PING"}).is_status("PONG"));
        EXPECT_GE(runtime.clock.now() - start, 1900ms);
    });
}

TEST(Server, KeyVanishesSoonAfterItsTimeWithoutAnAccess) {
    with_server({}, [](Runtime& runtime) {
        TestClient client(runtime, RedisWorld::endpoint("redis"));
        client.command({"SET", "k", "v", "PX", "5000"});
        sleep_for(runtime, 4900ms);
        EXPECT_EQ(client.command({"DBSIZE"}).integer, 1);
        sleep_for(runtime, 300ms);
        EXPECT_EQ(client.command({"DBSIZE"}).integer, 0);
    });
}

TEST(Server, EvictionMakesALockVanish) {
    with_server({.keys_max = 2, .eviction = EvictionPolicy::allkeys_lru}, [](Runtime& runtime) {
        TestClient client(runtime, RedisWorld::endpoint("redis"));
        client.command({"SET", "lock", "owner", "NX", "PX", "60000"});
        client.command({"SET", "a", "v"});
        client.command({"SET", "b", "v"});
        EXPECT_TRUE(client.command({"SET", "lock", "other", "NX"}).is_status("OK"));
    });
}

// R5: expiry is by the wall clock, so a step forward frees a lock early.
TEST(Server, ForwardClockStepExpiresALockEarly) {
    RedisWorld redis;
    redis.add_server("redis");
    std::vector<std::string> answers;
    redis.add_client(1, [&](Runtime& runtime) {
        TestClient client(runtime, RedisWorld::endpoint("redis"));
        client.command({"SET", "lock", "one", "NX", "PX", "30000"});
        answers.push_back(client.command({"SET", "lock", "two", "NX", "PX", "30000"}).text);
        sleep_for(runtime, 2s);
        answers.push_back(client.command({"SET", "lock", "two", "NX", "PX", "30000"}).text);
    });
    redis.world.at(at_seconds(2), [&] { redis.host("redis").step_wall_clock(60s); });
    redis.run(10);
    EXPECT_EQ(answers, (std::vector<std::string>{"", "OK"}));
}

// A script that ends in time delays what came meanwhile; one that does not has others refused.
TEST(Server, ScriptOfSomebodyElseDelaysCommandsAndThenRefusesThem) {
    for (const Duration length : {4s, 20s}) {
        RedisWorld redis;
        redis.add_server("redis");
        redis.add_client(1, [&](Runtime& runtime) {
            TestClient client(runtime, RedisWorld::endpoint("redis"));
            client.command({"SET", "k", "v", "PX", "2400"});
            sleep_for(runtime, 2s);
            const TimePoint start = runtime.clock.now();
            const resp::Reply reply = client.command({"DBSIZE"});  // the key has expired by then
            const Duration waited = runtime.clock.now() - start;
            const Duration silence = std::min<Duration>(length, 5s) - 1s;
            EXPECT_GE(waited, silence - 100ms);
            EXPECT_LT(waited, silence + 100ms);
            EXPECT_EQ(reply.text.starts_with("BUSY Redis is busy"), length == 20s) << reply.text;
            if (length == 4s) return;
            TestClient other(runtime, RedisWorld::endpoint("redis"));
            EXPECT_TRUE(other.command({"PING"}).text.starts_with("BUSY"));
            sleep_for(runtime, 3s);
            EXPECT_TRUE(client.command({"DBSIZE"}).text.starts_with("BUSY"));
            EXPECT_TRUE(other.command({"SCRIPT", "KILL"}).is_status("OK"));
            EXPECT_TRUE(client.command({"SET", "k", "v", "NX"}).is_status("OK"));
            EXPECT_TRUE(other.command({"SCRIPT", "KILL"}).text.starts_with("NOTBUSY"));
        });
        redis.world.at(at_seconds(2), [&] { redis.running("redis").occupy(length); });
        redis.run(60);
        for (const std::string& line : redis.reported())
            if (line.starts_with("redis.active_expiry "))
                EXPECT_GE(std::stoi(line.substr(20)), 2500) << line << ", before the script ended";
    }
}

TEST(Server, TakesNoMoreClientsThanItMay) {
    RedisWorld redis;
    redis.add_server("redis", {.clients_max = 2});
    int refused = 0;
    const auto ping = [&](Runtime& runtime) {
        const bool told = TestClient(runtime, RedisWorld::endpoint("redis")).command({"PING"}).text ==
                          "ERR max number of clients reached";
        return refused += told, told;
    };
    redis.add_client(1, [&](Runtime& runtime) {
        TestClient first(runtime, RedisWorld::endpoint("redis"));
        EXPECT_TRUE(first.command({"PING"}).is_status("PONG"));
        {
            TestClient second(runtime, RedisWorld::endpoint("redis"));
            EXPECT_TRUE(second.command({"PING"}).is_status("PONG"));
            EXPECT_TRUE(ping(runtime));
        }
        sleep_for(runtime, 1s);
        EXPECT_FALSE(ping(runtime)) << "there is room again";
        sleep_for(runtime, 10s);
        EXPECT_TRUE(ping(runtime)) << "others take it";
        EXPECT_TRUE(first.command({"PING"}).is_status("PONG")) << "who is there stays";
        sleep_for(runtime, 10s);
        EXPECT_FALSE(ping(runtime));
    });
    redis.world.at(at_seconds(10), [&] { redis.running("redis").crowd(5s); });
    redis.run(60);
    EXPECT_EQ(refused, 2);
}

TEST(Server, IdleServerHasNothingToDo) {
    RedisWorld redis;
    redis.add_server("redis");
    redis.run(1);
    const std::uint64_t before = redis.world.steps();
    redis.run(3600);
    EXPECT_LT(redis.world.steps() - before, 10u) << "no timer ticks without a reason";
}

}  // namespace conclave::servers::redis
