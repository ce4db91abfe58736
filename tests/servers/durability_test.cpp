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
