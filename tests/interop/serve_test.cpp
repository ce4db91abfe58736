// `conclave serve redis` from outside: how it begins, what redis-cli is told, how it ends.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "live/fixture/temp_folder.hpp"
#include "served_redis.hpp"

namespace conclave::interop {
namespace {

using testing::AllOf;
using testing::AnyOf;
using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* unknown_sha1 = "ffffffffffffffffffffffffffffffffffffffff";

struct Ended {
    int code = -1;
    std::string text;
};

Ended run(std::vector<std::string> arguments) {
    const live::TempFolder folder;
    live::ChildProcess process({.arguments = std::move(arguments), .log_file = folder.file("log")});
    const int code = process.wait();
    return {code, live::read_file(folder.file("log"))};
}

class Serve : public testing::Test {
protected:
    /// What redis-cli shows to a person, types and all.
    std::string cli(std::vector<std::string> command) const {
        std::vector<std::string> arguments = {"redis-cli", "--no-raw", "-p",
                                              std::to_string(server_.port())};
        arguments.insert(arguments.end(), command.begin(), command.end());
        return run(arguments).text;
    }

    ServedRedis server_;
};

TEST_F(Serve, AnswersPing) { EXPECT_EQ(cli({"PING"}), "PONG\n"); }

TEST_F(Serve, SetsOnceAndExpires) {
    EXPECT_EQ(cli({"SET", "lock", "mine", "NX", "PX", "60000"}), "OK\n");
    EXPECT_EQ(cli({"SET", "lock", "yours", "NX", "PX", "60000"}), "(nil)\n");
    EXPECT_EQ(cli({"GET", "lock"}), "\"mine\"\n");
    EXPECT_THAT(cli({"TTL", "lock"}), AnyOf("(integer) 60\n", "(integer) 59\n"));
    EXPECT_EQ(cli({"TTL", "other"}), "(integer) -2\n");
    EXPECT_EQ(cli({"SET", "brief", "x", "PX", "1"}), "OK\n");
    live::poll_until("the key has expired", [&] { return cli({"GET", "brief"}) == "(nil)\n"; });
}

TEST_F(Serve, TellsItsVersionAndPort) {
    EXPECT_THAT(cli({"INFO", "server"}),
                AllOf(HasSubstr("redis_version:7.0.15"),
                      HasSubstr("tcp_port:" + std::to_string(server_.port()))));
    EXPECT_THAT(cli({"INFO"}), HasSubstr("role:master"));
}

TEST_F(Serve, ListsItsKeys) {
    EXPECT_EQ(cli({"KEYS", "*"}), "(empty array)\n");
    cli({"SET", "lock:1", "x"});
    cli({"SET", "other", "x"});
    EXPECT_EQ(cli({"KEYS", "lock:*"}), "1) \"lock:1\"\n");
    EXPECT_EQ(cli({"SCAN", "0", "MATCH", "lock:*"}), "1) \"0\"\n2) 1) \"lock:1\"\n");
    EXPECT_EQ(cli({"--scan", "--pattern", "lock:*"}), "\"lock:1\"\n");
    EXPECT_EQ(cli({"DBSIZE"}), "(integer) 2\n");
}

TEST_F(Serve, RefusesWhatItDoesNotKnowInTheWordsOfTheRealServer) {
    EXPECT_EQ(cli({"EVALSHA", unknown_sha1, "0"}),
              "(error) NOSCRIPT No matching script. Please use EVAL.\n");
    EXPECT_EQ(cli({"FROBNICATE", "a", "b"}),
              "(error) ERR unknown command 'FROBNICATE', with args beginning with: 'a' 'b' \n");
    EXPECT_EQ(cli({"GET"}), "(error) ERR wrong number of arguments for 'get' command\n");
    EXPECT_EQ(cli({"SET", "k", "v", "PX", "0"}),
              "(error) ERR invalid expire time in 'set' command\n");
}

TEST_F(Serve, SaysWhatTheModelDoesNotHave) {
    EXPECT_THAT(cli({"LPUSH", "list", "x"}),
                StartsWith("(error) ERR unsupported by the model"));
    EXPECT_THAT(cli({"EVAL", "return 1", "0"}),
                StartsWith("(error) ERR unsupported by the model"));
}

TEST_F(Serve, EndsCleanlyOnASignalWhileClientsAreConnected) {
    live::RedisConnection idle = server_.connect();
    ASSERT_EQ(idle.command({"PING"}).text, "PONG");
    EXPECT_EQ(server_.end_by(SIGTERM), 0);
    EXPECT_THROW(idle.command({"PING"}), std::runtime_error);
    EXPECT_EQ(ServedRedis().end_by(SIGINT), 0);
}

TEST_F(Serve, RefusesAPortInUse) {
    const std::string port = std::to_string(server_.port());
    const Ended second = run({CONCLAVE_TOOL, "serve", "redis", "--port", port});
    EXPECT_EQ(second.code, 2);
    EXPECT_EQ(second.text, "--port " + port + ": cannot listen on 127.0.0.1:" + port +
                               ": Address already in use\n");
    EXPECT_EQ(cli({"PING"}), "PONG\n") << "the first server goes on";
}

TEST_F(Serve, ItsPortIsFreeAgainAfterTheEnd) {
    const std::string port = std::to_string(server_.port());
    { live::RedisConnection(server_.port()).command({"PING"}); }
    ASSERT_EQ(server_.end_by(SIGTERM), 0);
    live::ChildProcess again(
        {.arguments = {CONCLAVE_TOOL, "serve", "redis", "--port", port}, .piped = true});
    EXPECT_THAT(again.read_line(), HasSubstr(port));
}

TEST(ServeArguments, AreChecked) {
    EXPECT_EQ(run({CONCLAVE_TOOL, "serve", "redis"}).code, 2);
    EXPECT_EQ(run({CONCLAVE_TOOL, "serve", "redis", "--port", "65536"}).code, 2);
    EXPECT_EQ(run({CONCLAVE_TOOL, "serve", "abacus", "--port", "0"}).code, 2);
}

}  // namespace
}  // namespace conclave::interop
