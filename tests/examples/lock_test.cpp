// examples/lock against a real redis-server.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "live/fixture/redis_server.hpp"

namespace conclave::live {
namespace {

using testing::HasSubstr;

std::string url_of(int port) { return "redis://127.0.0.1:" + std::to_string(port); }

ChildProcess::Options example(int port, const std::string& member, const TempFolder& folder) {
    return {.arguments = {CONCLAVE_EXAMPLE_LOCK, url_of(port), member, "close-month",
                          folder.file("ledger")},
            .piped = true};
}

std::string owner_in(const RedisServer& redis) {
    return redis.connect().command({"GET", "_tooz_close-month_lock"}).text;
}

/// Every attempt to take a lock is one script.
int scripts_run(const RedisServer& redis) {
    const std::string info = redis.connect().command({"INFO", "commandstats"}).text;
    const std::string calls = info_field(info, "cmdstat_evalsha");
    return calls.empty() ? 0 : std::stoi(calls.substr(std::string("calls=").size()));
}

TEST(ExampleLock, TheSecondWaitsForTheFirst) {
    const RedisServer redis;
    const TempFolder folder;
    ChildProcess first(example(redis.port(), "worker-1", folder));
    EXPECT_EQ(first.read_line(), "worker-1 holds close-month, token 1");
    ChildProcess second(example(redis.port(), "worker-2", folder));
    const std::string owner = owner_in(redis);
    redis.connect().command({"CONFIG", "RESETSTAT"});
    poll_until("the second has asked again and again", [&] { return scripts_run(redis) >= 10; });
    EXPECT_EQ(owner_in(redis), owner);
    first.write_line("rent");
    EXPECT_EQ(first.read_line(), "wrote: rent");
    first.close_input();
    EXPECT_EQ(first.read_line(), "worker-1 released close-month");
    EXPECT_EQ(first.wait(), 0);
    EXPECT_EQ(second.read_line(), "worker-2 holds close-month, token 2");
    second.close_input();
    EXPECT_EQ(second.read_line(), "worker-2 released close-month");
    EXPECT_EQ(second.wait(), 0);
    EXPECT_EQ(read_file(folder.file("ledger")), "1 rent\n");
}

TEST(ExampleLock, ALockThatWasTakenAwayIsReported) {
    const RedisServer redis;
    const TempFolder folder;
    ChildProcess holder(example(redis.port(), "worker-1", folder));
    EXPECT_EQ(holder.read_line(), "worker-1 holds close-month, token 1");
    EXPECT_EQ(redis.connect().command({"DEL", "_tooz_close-month_lock"}).integer, 1);
    holder.close_input();
    EXPECT_EQ(holder.read_line(), "worker-1 had lost close-month");
    EXPECT_EQ(holder.wait(), 1);
}

TEST(ExampleLock, AServerThatIsNotThereIsAnError) {
    const TempFolder folder;
    ChildProcess program(
        {.arguments = {CONCLAVE_EXAMPLE_LOCK, url_of(free_port()), "worker-1", "close-month",
                       folder.file("ledger")},
         .log_file = folder.file("log")});
    EXPECT_EQ(program.wait(), 1);
    EXPECT_THAT(read_file(folder.file("log")), HasSubstr("error: "));
}

}  // namespace
}  // namespace conclave::live
