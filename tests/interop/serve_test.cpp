// `conclave serve redis` from outside: how it begins, what redis-cli is told, how it ends.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "conclave/connect.hpp"
#include "live/fixture/temp_folder.hpp"
#include "served_redis.hpp"

namespace conclave::interop {
namespace {

using testing::AllOf;
using testing::AnyOf;
using testing::HasSubstr;
using testing::StartsWith;
using namespace std::chrono_literals;

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

/// What redis-cli shows to a person, types and all.
std::string redis_cli(const ServedRedis& server, const std::vector<std::string>& command) {
    std::vector<std::string> arguments = {"redis-cli", "--no-raw", "-p",
                                          std::to_string(server.port())};
    arguments.insert(arguments.end(), command.begin(), command.end());
    return run(arguments).text;
}

class Serve : public testing::Test {
protected:
    std::string cli(const std::vector<std::string>& command) const {
        return redis_cli(server_, command);
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

TEST(ServeFaults, AreSaidAndMetByClients) {
    const std::vector<std::string> ping = {"PING"};
    const ServedRedis slow({"--faults", "slow_command=1"});  // it takes the longest to show
    ServedRedis lost({"--faults", "reply_lost=1,clog", "--seed", "7"});
    EXPECT_EQ(lost.read_line(), "faults: clog=0.05,reply_lost=1, seed 7");
    EXPECT_THAT(redis_cli(lost, ping), HasSubstr("Server closed the connection"));
    EXPECT_THAT(redis_cli(ServedRedis({"--faults", "request_lost=1"}), ping),
                HasSubstr("Connection reset by peer"));
    EXPECT_EQ(redis_cli(ServedRedis({"--faults", "clog=1,reset=1"}), ping), "PONG\n");
    const ServedRedis full({"--faults", "too_many_connections=1"});
    live::poll_until("no connection is taken", [&] {
        return redis_cli(full, ping).find("max number of clients") != std::string::npos;
    });
    live::poll_until("a script keeps it busy", [&] {
        return redis_cli(slow, ping).find("BUSY") != std::string::npos;
    });
}

// The owner of a lock survives retries: what was taken by a request whose reply was lost is its own.
TEST(ServeFaults, LostRepliesLockOurDriverOutOfNothing) {
    const ServedRedis server({"--faults", "reply_lost=0.3"});
    Client client = connect("redis://127.0.0.1:" + std::to_string(server.port()), {.ttl = 5min});
    int rounds = 0, failures = 0;
    while (rounds < 20 && failures < 20) {
        try {
            std::optional<HeldLock> held = client.mutex("L").acquire_for(20s);
            ASSERT_TRUE(held) << "locked out after " << rounds << " rounds";
            held->release();
            ++rounds;
        } catch (const Error& error) {  // three replies in a row
            EXPECT_EQ(error.effect(), Effect::unknown) << error.what();
            ++failures;
        }
    }
    EXPECT_EQ(rounds, 20);
}

TEST(ServeArguments, AreChecked) {
    const Ended unknown = run({CONCLAVE_TOOL, "serve", "redis", "--port", "0", "--faults", "fire"});
    EXPECT_EQ(unknown.code, 2);
    EXPECT_EQ(unknown.text, "--faults: unknown fault 'fire', expected some of: clog, reply_lost, "
                            "request_lost, reset, slow_command, too_many_connections\n");
    EXPECT_EQ(run({CONCLAVE_TOOL, "serve", "redis", "--port", "0", "--faults", "reset=2"}).text,
              "--faults reset=2: expected a rate in 0..1, for example reset=0.05\n");
    EXPECT_EQ(run({CONCLAVE_TOOL, "serve", "redis"}).code, 2);
    EXPECT_EQ(run({CONCLAVE_TOOL, "serve", "redis", "--port", "65536"}).code, 2);
    EXPECT_EQ(run({CONCLAVE_TOOL, "serve", "abacus", "--port", "0"}).code, 2);
}

}  // namespace
}  // namespace conclave::interop
