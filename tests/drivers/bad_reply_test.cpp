// What a server should not answer, or answers to refuse: the error says what, where and what was
// expected, and whether the request may have been executed.

#include <gmock/gmock.h>

#include "redis/client/client.hpp"
#include "scripted_redis.hpp"

namespace conclave::redis {
namespace {

using namespace std::chrono_literals;
using conclave::testing::answer;
using conclave::testing::Reaction;
using conclave::testing::ScriptedRedis;
using conclave::testing::Words;
using ::testing::HasSubstr;

struct Told {
    ErrorCode code = ErrorCode::other;
    Effect effect = Effect::none;
    std::string text;
    int connections = 0;
    std::size_t commands = 0;
};

/// What a client that sends `request` is told by a server that always reacts alike.
Told told(const Reaction& reaction, const std::function<void(Client&, Deadline)>& request) {
    ScriptedRedis redis;
    redis.add_server("redis", [&](const Words&) { return reaction; });
    Told result;
    redis.run([&](Runtime& runtime) {
        ClientOptions options;
        options.server = {"redis", 6379, {}};
        Client client(runtime, options);
        client.open();
        try {
            request(client, runtime.after(5s));
            result.text = "no error";
        } catch (const Error& error) {
            result.code = error.error_code();
            result.effect = error.effect();
            result.text = error.what();
        }
        client.close();
    });
    result.connections = redis.connections("redis");
    result.commands = redis.commands("redis").size();
    return result;
}

void increment(Client& client, Deadline deadline) {
    client.call(command({"INCR", "k"}, Repeat::never), deadline);
}

void run_script(Client& client, Deadline deadline) {
    const std::vector<std::string> keys{"k"};
    const std::vector<std::string> arguments{"a"};
    client.run(scripts::release, keys, arguments, Repeat::never, deadline);
}

struct Malformed {
    std::string name;
    Reaction reaction;
    std::string text;
};
class MalformedReply : public ::testing::TestWithParam<Malformed> {};

TEST_P(MalformedReply, BreaksTheConnectionAndLeavesTheEffectUnknown) {
    const Told result = told(GetParam().reaction, increment);
    EXPECT_EQ(result.code, ErrorCode::connection);
    EXPECT_EQ(result.effect, Effect::unknown);
    EXPECT_THAT(result.text, HasSubstr("redis redis:6379: "));
    EXPECT_THAT(result.text, HasSubstr("INCR"));
    EXPECT_THAT(result.text, HasSubstr(GetParam().text));
    EXPECT_EQ(result.commands, 1U);
}

INSTANTIATE_TEST_SUITE_P(
    All, MalformedReply,
    ::testing::Values(
        Malformed{"OtherProtocol", {"HTTP/1.1 400 Bad Request\r\n"}, "malformed reply"},
        Malformed{"Resp3", {"%1\r\n+a\r\n+b\r\n"}, "malformed reply"},
        Malformed{"Truncated", {"$10\r\nabc", true}, "8 bytes of it arrived"},
        Malformed{"ClosedAtOnce", {"", true}, "waiting for the reply"},
        Malformed{"HugeBulk", {"$999999999999\r\n"}, "expected at most"},
        Malformed{"HugeArray", {"*2147483647\r\n"}, "array of 2147483647 elements"},
        Malformed{"DeeplyNested",
                  {"*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n"},
                  "depth"},
        Malformed{"TwoReplies", {":1\r\n:2\r\n"}, "4 more bytes than one reply"}),
    [](const auto& info) { return info.param.name; });

struct Refusal {
    std::string error;
    ErrorCode code;
    std::string text;
    int connections = 1;
    std::size_t commands = 1;
};
class RefusedRequest : public ::testing::TestWithParam<Refusal> {};

TEST_P(RefusedRequest, HasNoEffectAndAClearMessage) {
    const Told result = told(answer(resp::error(GetParam().error)), increment);
    EXPECT_EQ(result.code, GetParam().code);
    EXPECT_EQ(result.effect, Effect::none);
    EXPECT_THAT(result.text, HasSubstr(GetParam().text));
    EXPECT_THAT(result.text, HasSubstr("(-" + GetParam().error + ")"));
    EXPECT_EQ(result.connections, GetParam().connections);
    EXPECT_EQ(result.commands, GetParam().commands);
}

// Texts as redis-server 7.0.15 sends them. Those that pass by themselves are tried three times;
// those that mean another server are tried on three connections.
INSTANTIATE_TEST_SUITE_P(
    All, RefusedRequest,
    ::testing::Values(
        Refusal{"LOADING Redis is loading the dataset in memory", ErrorCode::other, "still loading",
                1, 3},
        Refusal{"BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN "
                "NOSAVE.",
                ErrorCode::other, "busy with a long script", 1, 3},
        Refusal{"ERR max number of clients reached", ErrorCode::connection,
                "takes no more connections (maxclients)", 3, 3},
        Refusal{"READONLY You can't write against a read only replica.", ErrorCode::connection,
                "is a replica and refuses writes", 3, 3},
        Refusal{"MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
                ErrorCode::connection, "cut off from its master", 3, 3},
        Refusal{"MOVED 3999 127.0.0.1:6381", ErrorCode::other, "belongs to a Redis Cluster"},
        Refusal{"NOAUTH Authentication required.", ErrorCode::access_denied, "asks for a password"},
        Refusal{"NOPERM this user has no permissions to run the 'incr' command", ErrorCode::access_denied,
                "access list does not allow"},
        Refusal{"OOM command not allowed when used memory > 'maxmemory'.", ErrorCode::other,
                "used up its maxmemory"},
        Refusal{"NOREPLICAS Not enough good replicas to write.", ErrorCode::other,
                "too few replicas"},
        Refusal{"MISCONF Redis is configured to save RDB snapshots", ErrorCode::other,
                "cannot save to its disk"},
        Refusal{"WRONGTYPE Operation against a key holding the wrong kind of value",
                ErrorCode::other, "answered with an error"}));

TEST(RedisRefusal, InsideAScriptOfAnUnknownKindLeavesTheEffectUnknown) {
    const Told wrong_type =
        told(answer(resp::error("WRONGTYPE Operation against a key script: abc")), run_script);
    EXPECT_EQ(wrong_type.effect, Effect::unknown);
    const Told out_of_memory = told(
        answer(resp::error("OOM command not allowed when used memory > 'maxmemory'.")), run_script);
    EXPECT_EQ(out_of_memory.effect, Effect::none);
    const Told crowded =
        told({"-ERR max number of clients reached\r\n", true}, run_script);
    EXPECT_EQ(crowded.effect, Effect::none);
    EXPECT_EQ(crowded.connections, 3);
    // Only that very text is never a script's own.
    EXPECT_EQ(told(answer(resp::error("ERR max number of clients reached script: abc")), run_script)
                  .effect,
              Effect::unknown);
}

TEST(RedisRefusal, WrongPasswordIsNotTriedAgain) {
    ScriptedRedis redis;
    redis.add_server("redis", [](const Words&) {
        return answer(resp::error("WRONGPASS invalid username-password pair or user is disabled."));
    });
    redis.run([&](Runtime& runtime) {
        ClientOptions options;
        options.server = {"redis", 6379, {}};
        options.credentials = {"", "wrong"};
        Client client(runtime, options);
        client.open();
        try {
            increment(client, runtime.after(5s));
            FAIL() << "expected Error";
        } catch (const Error& error) {
            EXPECT_EQ(error.effect(), Effect::none);
            EXPECT_THAT(error.what(), HasSubstr("does not accept this user and password"));
            EXPECT_THAT(error.what(), ::testing::Not(HasSubstr("wrong\"")));
        }
    });
    EXPECT_EQ(redis.connections("redis"), 1);
}

}  // namespace
}  // namespace conclave::redis
