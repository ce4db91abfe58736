// R4: what a restart forgets and what it brings back.

#include <gtest/gtest.h>

#include "simulated_redis.hpp"

namespace conclave::servers::redis {

namespace {

enum class Fall { crash, power_loss };

/// Takes a lock `age` before the server falls at 10 s; the lock's owner after the restart at 12 s.
std::string owner_after(AppendFsync policy, Fall fall, double age_seconds, bool wipe = false) {
    RedisWorld redis;
    redis.add_server("redis", {.append_fsync = policy});
    std::string owner = "never asked";
    redis.add_client(10 - age_seconds, [](Runtime& runtime) {
        TestClient client(runtime, RedisWorld::endpoint("redis"));
        client.command({"SET", "lock", "me"});
    });
    redis.world.at(at_seconds(10), [&] {
        if (fall == Fall::crash) redis.server("redis").crash();
        else redis.host("redis").power_loss();
        if (wipe) redis.disk("redis").wipe();
    });
    redis.world.at(at_seconds(12), [&] {
        redis.host("redis").power_on();
        redis.server("redis").restart();
    });
    redis.add_client(13, [&](Runtime& runtime) {
        TestClient client(runtime, RedisWorld::endpoint("redis"));
        const resp::Reply reply = client.command({"GET", "lock"});
        owner = reply.type == resp::Type::null ? "nobody" : reply.text;
    });
    redis.run(20);
    return owner;
}

}  // namespace

TEST(Durability, CrashKeepsWhatTheKernelHas) {
    EXPECT_EQ(owner_after(AppendFsync::no, Fall::crash, 0.1), "me");
    EXPECT_EQ(owner_after(AppendFsync::everysec, Fall::crash, 0.1), "me");
    EXPECT_EQ(owner_after(AppendFsync::always, Fall::crash, 0.1), "me");
}

TEST(Durability, PowerLossTakesWhatWasNotSynced) {
    EXPECT_EQ(owner_after(AppendFsync::always, Fall::power_loss, 0.1), "me");
    EXPECT_EQ(owner_after(AppendFsync::everysec, Fall::power_loss, 0.1), "nobody");
    EXPECT_EQ(owner_after(AppendFsync::everysec, Fall::power_loss, 2), "me");
    EXPECT_EQ(owner_after(AppendFsync::no, Fall::power_loss, 5), "nobody");
}

namespace {

/// The owner after a power loss that tore an unsynced write in two, and one more restart: what was
/// appended behind the tear must be readable.
struct AfterTear {
    std::string torn, kept, later;
};
AfterTear after_tear(std::size_t torn_bytes, bool transaction) {
    RedisWorld redis;
    redis.add_server("redis", {.append_fsync = AppendFsync::everysec}, torn_bytes);
    AfterTear after;
    const auto value = [](Runtime& runtime, const std::string& key) {
        TestClient client(runtime, RedisWorld::endpoint("redis"));
        return client.command({"GET", key}).text;
    };
    const auto restart = [&redis] {
        redis.host("redis").power_loss();
        redis.host("redis").power_on();
        redis.server("redis").restart();
    };
    redis.add_client(5, [&](Runtime& runtime) {
        TestClient client(runtime, RedisWorld::endpoint("redis"));
        client.command({"SET", "kept", "v"});
        sleep_until(runtime, Deadline(TimePoint(9900ms)));
        if (!transaction) return void(client.command({"SET", "torn", "v"}));
        for (const auto& words : std::vector<std::vector<std::string>>{
                 {"MULTI"}, {"SET", "torn", "v"}, {"SET", "other", "v"}, {"EXEC"}})
            client.command(words);
    });
    redis.world.at(at_seconds(10), restart);
    redis.add_client(12, [&](Runtime& runtime) {
        after.torn = value(runtime, "torn");
        after.kept = value(runtime, "kept");
        TestClient(runtime, RedisWorld::endpoint("redis")).command({"SET", "later", "v"});
    });
    redis.world.at(at_seconds(15), restart);
    redis.add_client(17, [&](Runtime& runtime) { after.later = value(runtime, "later"); });
    redis.run(20);
    return after;
}

}  // namespace

TEST(Durability, TornWriteIsCutOffAndTheFileGoesOn) {
    // SET torn v is 30 bytes.
    for (const std::size_t bytes : {0, 1, 20, 29, 30}) {
        const AfterTear after = after_tear(bytes, false);
        EXPECT_EQ(after.torn, bytes < 30 ? "" : "v") << bytes;
        EXPECT_EQ(after.kept, "v") << bytes;
        EXPECT_EQ(after.later, "v") << bytes;
    }
}

// MULTI is 15 bytes, the SETs are 30 and 31, EXEC is 14: a transaction counts with its EXEC.
TEST(Durability, TornTransactionIsNoneAtAll) {
    for (const std::size_t bytes : {15, 45, 76, 89}) {
        const AfterTear after = after_tear(bytes, true);
        EXPECT_EQ(after.torn, "") << bytes;
        EXPECT_EQ(after.kept, "v") << bytes;
        EXPECT_EQ(after.later, "v") << bytes;
    }
    EXPECT_EQ(after_tear(90, true).torn, "v");
}

namespace {

/// What a server answers to one client while its disk is full from 10 s to 20 s, at the seconds asked.
std::vector<std::string> answers_around_a_full_disk(AppendFsync policy,
                                                    const std::vector<double>& seconds,
                                                    const std::vector<std::string>& words) {
    RedisWorld redis;
    redis.add_server("redis", {.append_fsync = policy});
    std::vector<std::string> answers;
    redis.world.at(at_seconds(10), [&] { redis.disk("redis").full = true; });
    redis.world.at(at_seconds(20), [&] { redis.disk("redis").full = false; });
    redis.add_client(11, [](Runtime& runtime) {
        TestClient(runtime, RedisWorld::endpoint("redis")).command({"SET", "first", "v"});
    });
    for (const double second : seconds)
        redis.add_client(second, [&](Runtime& runtime) {
            TestClient client(runtime, RedisWorld::endpoint("redis"));
            answers.push_back(client.command(words).text);
        });
    redis.run(40);
    return answers;
}

}  // namespace

// The first write is acknowledged: it waits in memory. PING is refused too, so that Sentinel sees it.
TEST(Durability, FullDiskRefusesWritesUntilItTakesWhatWaits) {
    const std::string refused = "MISCONF Errors writing to the AOF file: No space left on device";
    for (const AppendFsync policy : {AppendFsync::everysec, AppendFsync::no}) {
        const auto ask = [policy](const std::vector<std::string>& words) {
            return answers_around_a_full_disk(policy, {9, 15, 22}, words);
        };
        EXPECT_EQ(ask({"SET", "k", "v"}), (std::vector<std::string>{"OK", refused, "OK"}));
        EXPECT_EQ(ask({"PING"}), (std::vector<std::string>{"PONG", refused, "PONG"}));
        EXPECT_EQ(ask({"GET", "first"}), (std::vector<std::string>{"", "v", "v"}));
    }
}

TEST(Durability, FullDiskEndsAServerThatSyncsAlways) {
    EXPECT_EQ(answers_around_a_full_disk(AppendFsync::always, {9, 15, 22}, {"GET", "first"}),
              (std::vector<std::string>{"", "closed", "closed"}));
}

TEST(Durability, ServerWithoutAFileForgetsEverything) {
    EXPECT_EQ(owner_after(AppendFsync::off, Fall::crash, 5), "nobody");
    EXPECT_EQ(owner_after(AppendFsync::always, Fall::crash, 5, true), "nobody");
}

TEST(Durability, ReleasedLockIsResurrected) {
    RedisWorld redis;
    redis.add_server("redis", {.append_fsync = AppendFsync::everysec});
    resp::Reply before, after;
    redis.add_client(5, [&](Runtime& runtime) {
        TestClient client(runtime, RedisWorld::endpoint("redis"));
        client.command({"SET", "lock", "me"});
        sleep_until(runtime, Deadline(TimePoint(9900ms)));
        before = client.command({"DEL", "lock"});
    });
    redis.world.at(at_seconds(10), [&] { redis.host("redis").power_loss(); });
    redis.world.at(at_seconds(11), [&] {
        redis.host("redis").power_on();
        redis.server("redis").restart();
    });
    redis.add_client(12, [&](Runtime& runtime) {
        TestClient client(runtime, RedisWorld::endpoint("redis"));
        after = client.command({"GET", "lock"});
    });
    redis.run(20);
    EXPECT_EQ(before.integer, 1) << "the release was acknowledged";
    EXPECT_EQ(after.text, "me");
}

}  // namespace conclave::servers::redis
