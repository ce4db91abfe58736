#include "redis/client/client.hpp"

#include <gmock/gmock.h>

#include <utility>

#include "conclave/fiber.hpp"
#include "scripted_redis.hpp"

namespace conclave::redis {
namespace {

using namespace std::chrono_literals;
using conclave::testing::answer;
using conclave::testing::Reaction;
using conclave::testing::ScriptedRedis;
using conclave::testing::Words;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

ClientOptions to(const std::string& host) {
    ClientOptions options;
    options.server = {host, 6379, {}};
    return options;
}

Reaction ok(const Words&) { return answer(resp::status("OK")); }

struct ClientTest : ::testing::Test {
    ScriptedRedis redis;

    /// Runs `body` with an open client of `options`.
    void with_client(ClientOptions options, const std::function<void(Client&, Runtime&)>& body) {
        redis.run([&](Runtime& runtime) {
            Client client(runtime, options);
            client.open();
            body(client, runtime);
            client.close();
        });
    }
};

TEST_F(ClientTest, LogsInAndSelectsBeforeTheFirstCommand) {
    redis.add_server("redis", ok);
    ClientOptions options = to("redis");
    options.credentials = {"user", "secret"};
    options.database = 4;
    with_client(options, [](Client& client, Runtime& runtime) {
        client.call(command({"SET", "k", "v"}, Repeat::never), runtime.after(5s));
        client.call(command({"SET", "k", "w"}, Repeat::never), runtime.after(5s));
        EXPECT_EQ(client.state(), ConnectionState::connected);
        EXPECT_EQ(client.incarnation(), 1U);
    });
    EXPECT_THAT(redis.commands("redis"),
                ElementsAre("AUTH user secret", "SELECT 4", "SET k v", "SET k w"));
}

TEST_F(ClientTest, AnswersAreNeverInterleavedBetweenFibers) {
    redis.add_server("redis", [](const Words& words) { return answer(resp::bulk(words[1])); });
    with_client(to("redis"), [](Client& client, Runtime& runtime) {
        TaskGroup fibers(runtime.scheduler);
        int matching = 0;
        for (int i = 0; i < 20; ++i) {
            fibers.spawn([&, i] {
                const std::string text = std::to_string(i);
                const Answer echo =
                    client.call(command({"ECHO", text}, Repeat::safe), runtime.after(5s));
                if (echo.reply == resp::bulk(text)) ++matching;
            });
        }
        fibers.join();
        EXPECT_EQ(matching, 20);
    });
    EXPECT_EQ(redis.connections("redis"), 1);
}

TEST_F(ClientTest, ATimeOutIsRepeatedWhereThatIsSafeAndWanted) {
    int silent = 0;
    redis.add_server("redis", [&](const Words&) {
        return silent-- > 0 ? Reaction{} : answer(resp::integer(1));
    });
    const auto call = [&](bool retry_on_timeout, Repeat repeat) -> std::string {
        ClientOptions options = to("redis");
        options.reply_timeout = 1s;
        options.retry_on_timeout = retry_on_timeout;
        std::string outcome;
        silent = 1;
        with_client(options, [&](Client& client, Runtime& runtime) {
            try {
                outcome = client.call(command({"PEXPIRE", "k", "9"}, repeat), runtime.after(5s))
                                  .repeated
                              ? "repeated"
                              : "answered";
            } catch (const OperationTimedOut& error) {
                outcome = to_string(error.effect());
            }
        });
        return outcome;
    };
    EXPECT_EQ(call(true, Repeat::safe), "repeated");
    EXPECT_EQ(call(true, Repeat::never), "unknown");
    EXPECT_EQ(call(false, Repeat::safe), "unknown");
}

/// The message of `error`, and of each cause within the one before it.
std::vector<std::string> chain_of(const std::exception& error) {
    std::vector<std::string> chain{error.what()};
    try {
        std::rethrow_if_nested(error);
    } catch (const Error& cause) {
        const std::vector<std::string> causes = chain_of(cause);
        chain.insert(chain.end(), causes.begin(), causes.end());
    }
    return chain;
}

TEST_F(ClientTest, AnErrorCarriesTheEarlierAttemptsAsItsCauses) {
    int asked = 0;
    redis.add_server("redis", [&](const Words&) {
        return Reaction{"?" + std::to_string(++asked) + "\r\n", true};
    });
    with_client(to("redis"), [](Client& client, Runtime& runtime) {
        try {
            client.call(command({"GET", "k"}, Repeat::safe), runtime.after(5s));
            FAIL() << "expected ConnectionError";
        } catch (const ConnectionError& error) {
            const std::vector<std::string> chain = chain_of(error);
            EXPECT_THAT(chain, ::testing::SizeIs(3)) << "one for each attempt";
            EXPECT_THAT(chain, ::testing::Each(HasSubstr("malformed reply to GET")));
        }
    });
    EXPECT_EQ(asked, 3);
}

TEST_F(ClientTest, WhoHasNoTimeForAnotherAttemptIsToldWhyOneWasNeeded) {
    redis.add_server("redis", [](const Words&) { return Reaction{"", true}; });
    with_client(to("redis"), [](Client& client, Runtime& runtime) {
        try {
            client.call(command({"GET", "k"}, Repeat::safe), runtime.after(20ms));
            FAIL() << "expected OperationTimedOut";
        } catch (const OperationTimedOut& error) {
            const std::vector<std::string> chain = chain_of(error);
            ASSERT_THAT(chain, ::testing::SizeIs(2));
            EXPECT_THAT(chain[0], HasSubstr("no time for another attempt"));
            EXPECT_THAT(chain[1], HasSubstr("while waiting for the reply to GET"));
        }
    });
}

TEST_F(ClientTest, NothingWasDoneWhenNobodyListens) {
    redis.run([&](Runtime& runtime) {
        Client client(runtime, to("client"));
        client.open();
        try {
            client.call(command({"DEL", "k"}, Repeat::never), runtime.after(5s));
            FAIL() << "expected ConnectionError";
        } catch (const ConnectionError& error) {
            EXPECT_EQ(error.effect(), Effect::none);
            EXPECT_THAT(error.what(), AllOf(HasSubstr("redis client:6379: cannot connect"),
                                            HasSubstr("refused")));
        }
        EXPECT_EQ(client.state(), ConnectionState::suspended);
    });
}

TEST_F(ClientTest, ALostReplyIsUnknownAndNotRepeatedUnlessSafe) {
    redis.add_server("redis", ok);
    with_client(to("redis"), [&](Client& client, Runtime& runtime) {
        client.call(command({"PING"}, Repeat::safe), runtime.after(5s));
        redis.world().network().lose_next_reply(redis.client_host(), redis.host("redis"));
        try {
            client.call(command({"INCR", "k"}, Repeat::never), runtime.after(5s));
            FAIL() << "expected ConnectionError";
        } catch (const ConnectionError& error) {
            EXPECT_EQ(error.effect(), Effect::unknown);
            EXPECT_THAT(error.what(), HasSubstr("waiting for the reply to INCR"));
        }
        redis.world().network().lose_next_reply(redis.client_host(), redis.host("redis"));
        const Answer again =
            client.call(command({"PEXPIRE", "k", "9"}, Repeat::safe), runtime.after(5s));
        EXPECT_TRUE(again.repeated);
        EXPECT_EQ(again.incarnation, client.incarnation());
    });
    EXPECT_THAT(redis.commands("redis"),
                ElementsAre("PING", "INCR k", "PEXPIRE k 9", "PEXPIRE k 9"));
}

TEST_F(ClientTest, ATimedOutRequestCostsItsConnection) {
    redis.add_server("redis", [](const Words& words) {
        return words[0] == "GET" ? Reaction{} : answer(resp::status(words[0]));
    });
    with_client(to("redis"), [](Client& client, Runtime& runtime) {
        const TimePoint asked = runtime.clock.now();
        EXPECT_THROW(client.call(command({"GET", "k"}, Repeat::safe), runtime.after(2s)),
                     OperationTimedOut);
        EXPECT_GE(runtime.clock.now() - asked, 2s);
        // On a new connection: what is still to come on the old one is nobody's answer.
        const Answer next = client.call(command({"PING"}, Repeat::safe), runtime.after(5s));
        EXPECT_EQ(next.reply, resp::status("PING"));
        EXPECT_EQ(next.incarnation, 2U);
    });
}

/// Answers from the second command on.
Reaction silent_at_first(const Words&, bool& asked) {
    return std::exchange(asked, true) ? answer(resp::status("OK")) : Reaction{};
}

TEST_F(ClientTest, AnAttemptIsGivenUpBeforeTheCallIs) {
    bool asked = false;
    redis.add_server("redis", [&](const Words& words) { return silent_at_first(words, asked); });
    ClientOptions options = to("redis");
    options.reply_timeout = 1s;
    options.retry_on_timeout = true;
    with_client(options, [](Client& client, Runtime& runtime) {
        const Answer again = client.call(command({"GET", "k"}, Repeat::safe), runtime.after(20s));
        EXPECT_TRUE(again.repeated);
    });
}

TEST_F(ClientTest, WhatLapsesIsNotRepeatedOnceItMayHaveLapsed) {
    bool asked = false;
    redis.add_server("redis", [&](const Words& words) { return silent_at_first(words, asked); });
    ClientOptions options = to("redis");
    options.reply_timeout = 1s;
    options.retry_on_timeout = true;
    with_client(options, [](Client& client, Runtime& runtime) {
        const Request taking = command({"SET", "k", "v"}, Repeat::until_lapsed(500ms));
        EXPECT_THROW(client.call(taking, runtime.after(20s)), OperationTimedOut);
    });
    EXPECT_THAT(redis.commands("redis"), ElementsAre("SET k v"));
}

TEST_F(ClientTest, ACancelledRequestIsUnknownAndCostsItsConnection) {
    redis.add_server("redis", [](const Words& words) {
        return words[0] == "GET" ? Reaction{} : answer(resp::status("OK"));
    });
    with_client(to("redis"), [](Client& client, Runtime& runtime) {
        TaskGroup group(runtime.scheduler);
        bool told = false;
        group.spawn([&] {
            try {
                client.call(command({"GET", "k"}, Repeat::safe), runtime.after(50s));
            } catch (const Cancelled& error) {
                told = error.effect() == Effect::unknown;
            }
        });
        sleep_for(runtime, 1s);
        group.cancel();
        group.join();
        EXPECT_TRUE(told);
        EXPECT_EQ(client.state(), ConnectionState::suspended);
    });
}

TEST_F(ClientTest, SendsAScriptWholeOnlyWhenTheServerDoesNotKnowIt) {
    redis.add_server("redis", [known = false](const Words& words) mutable {
        if (words[0] == "EVAL") known = true;
        return answer(known ? resp::integer(1) : resp::error("NOSCRIPT No matching script."));
    });
    with_client(to("redis"), [](Client& client, Runtime& runtime) {
        const std::vector<std::string> keys{"lock"};
        const std::vector<std::string> arguments{"owner"};
        for (int i = 0; i < 2; ++i)
            EXPECT_EQ(client.run(scripts::release, keys, arguments, Repeat::safe, runtime.after(5s))
                          .reply,
                      resp::integer(1));
    });
    const std::string tail = " 1 lock owner";
    EXPECT_THAT(redis.commands("redis"),
                ElementsAre("EVALSHA " + std::string(scripts::release.sha1) + tail,
                            "EVAL " + std::string(scripts::release.body) + tail,
                            "EVALSHA " + std::string(scripts::release.sha1) + tail));
}

TEST_F(ClientTest, ARequestBoundToAnEndedConnectionIsNotSent) {
    redis.add_server("redis", ok);
    with_client(to("redis"), [&](Client& client, Runtime& runtime) {
        const Answer first = client.call(command({"PING"}, Repeat::safe), runtime.after(5s));
        redis.world().network().reset_connections(redis.client_host(), redis.host("redis"));
        // Its first attempt could not be sent, so that another connection may carry it.
        client.call(command({"PING"}, Repeat::never), runtime.after(5s));
        Request wait = command({"WAIT", "1", "5"}, Repeat::never);
        wait.only_on = first.incarnation;
        EXPECT_THROW(client.call(wait, runtime.after(5s)), ConnectionError);
    });
    EXPECT_THAT(redis.commands("redis"), ElementsAre("PING", "PING"));
}

TEST_F(ClientTest, AnIdleConnectionIsProbedFirst) {
    redis.add_server("redis", ok);
    ClientOptions options = to("redis");
    options.health_check_interval = 3s;
    with_client(options, [&](Client& client, Runtime& runtime) {
        client.call(command({"SET", "a"}, Repeat::never), runtime.after(5s));
        sleep_for(runtime, 4s);
        redis.world().network().reset_connections(redis.client_host(), redis.host("redis"));
        // The probe finds the dead connection, so that this request is sent exactly once.
        client.call(command({"SET", "b"}, Repeat::never), runtime.after(5s));
    });
    EXPECT_THAT(redis.commands("redis"), ElementsAre("SET a", "SET b"));
}

TEST_F(ClientTest, AttemptsToConnectAreSpacedAndFew) {
    redis.run([&](Runtime& runtime) {
        Client client(runtime, to("client"));
        client.open();
        const TimePoint begun = runtime.clock.now();
        for (int i = 0; i < 5; ++i)
            EXPECT_THROW(client.call(command({"PING"}, Repeat::safe), runtime.after(30s)),
                         ConnectionError);
        const Duration taken = runtime.clock.now() - begun;
        EXPECT_GE(taken, 3s);   // backed off to about a second
        EXPECT_LE(taken, 15s);  // and never further
    });
}

TEST_F(ClientTest, IsSuspendedThenLostThenConnectedAgain) {
    redis.add_server("redis", ok);
    ClientOptions options = to("redis");
    options.lost_after = 5s;
    with_client(options, [&](Client& client, Runtime& runtime) {
        client.call(command({"PING"}, Repeat::safe), runtime.after(5s));
        redis.world().network().refuse(redis.host("redis"));
        redis.world().network().reset_connections(redis.client_host(), redis.host("redis"));
        EXPECT_THROW(client.call(command({"PING"}, Repeat::safe), runtime.after(1s)), Error);
        EXPECT_EQ(client.state(), ConnectionState::suspended);
        sleep_for(runtime, 6s);
        EXPECT_THROW(client.call(command({"PING"}, Repeat::safe), runtime.after(1s)), Error);
        EXPECT_EQ(client.state(), ConnectionState::lost);
        redis.world().network().heal_all();
        client.call(command({"PING"}, Repeat::safe), runtime.after(5s));
        EXPECT_EQ(client.state(), ConnectionState::connected);
    });
}

}  // namespace
}  // namespace conclave::redis
