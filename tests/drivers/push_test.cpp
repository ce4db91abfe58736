// push=on below the contract: what the connection for hints does when the server, or the user's rights,
// are not as they should be.

#include <memory>
#include <utility>

#include "conclave/sync.hpp"
#include "driver_fixture.hpp"

namespace conclave::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string channel = "_tooz_L_lock";

resp::Reply push(const std::string& kind, resp::Reply last) {
    return resp::array({resp::bulk(kind), resp::bulk(channel), std::move(last)});
}
Reaction agreed_and(const std::string& more, bool close = false) {
    Reaction reaction = answer(push("subscribe", resp::integer(1)));
    reaction.bytes += more;
    reaction.close = close;
    return reaction;
}

struct Push : DriverFixture {
    int heard = 0;

    /// Follows lock L with push=on, and waits for `hints` of them.
    void follow(int hints, const std::function<void(Changes::Interest&, Runtime&)>& then) {
        with_driver("?push=on&timeout=8", [&](Driver& driver, Runtime& runtime) {
            std::unique_ptr<Changes::Interest> interest =
                driver.changes()->follow(Changes::Kind::lock, "L", [&] { ++heard; });
            EXPECT_FALSE(interest->told()) << "nobody has agreed yet";
            for (int i = 0; i < 100 && heard < hints; ++i) sleep_for(runtime, 100ms);
            EXPECT_EQ(heard, hints);
            then(*interest, runtime);
            interest.reset();
            sleep_for(runtime, 5s);
        });
    }
};

TEST_F(Push, IsOffUnlessItIsAskedForAndThenTheScriptsTell) {
    with_driver("", [](Driver& driver, Runtime& runtime) {
        EXPECT_EQ(driver.changes(), nullptr);
        driver.locks()->release({"L", "owner", 1, {}}, runtime.after(5s));
        driver.locks()->break_lock("L", runtime.after(5s));
    });
    EXPECT_EQ(scripts_run.front()[0], "release");
    EXPECT_THAT(redis.commands("redis"), Contains("DEL " + channel));
    EXPECT_THAT(redis.commands("redis"), Not(Contains(HasSubstr("PUBLISH"))));
    scripts_run.clear();
    with_driver("?push=on", [](Driver& driver, Runtime& runtime) {
        EXPECT_NE(driver.changes(), nullptr);
        driver.locks()->release({"L", "owner", 1, {}}, runtime.after(5s));
        driver.locks()->break_lock("L", runtime.after(5s));
    });
    EXPECT_EQ(scripts_run[0][0], "release_told");
    EXPECT_EQ(scripts_run[1], (Words{"break_told", channel}));
    EXPECT_EQ(redis.connections("redis"), 2) << "nobody followed anything";
}

TEST_F(Push, IsRefusedAtStartToWhoMayNotPublish) {
    on["PUBLISH"] = [](const Words&) {
        return answer(resp::error("NOPERM this user has no permissions to access one of the "
                                  "channels used as arguments"));
    };
    try {
        with_driver("?push=on", [](Driver&, Runtime&) { ADD_FAILURE() << "it started"; });
        ADD_FAILURE() << "expected AccessDenied";
    } catch (const AccessDenied& error) {
        EXPECT_EQ(error.effect(), Effect::none);
        EXPECT_THAT(error.what(), AllOf(HasSubstr("push=on"), HasSubstr("&_tooz*")));
    }
}

// Between the two connections a message may have been lost: the second agreement is a hint.
TEST_F(Push, HintsWithEachMessageAndAfterEachGapAndLeavesWhenNobodyFollows) {
    int subscribed = 0;
    on["SUBSCRIBE"] = [&](const Words&) {
        if (++subscribed > 1) return agreed_and({});
        std::string message;
        resp::append_reply(message, push("message", resp::bulk("")));
        return agreed_and(message, true);
    };
    on["UNSUBSCRIBE"] = [](const Words&) {
        return answer(push("unsubscribe", resp::integer(0)));
    };
    on["PING"] = [](const Words&) {
        return answer(resp::array({resp::bulk("pong"), resp::bulk("")}));
    };
    follow(3, [this](Changes::Interest& interest, Runtime& runtime) {
        EXPECT_TRUE(interest.told());
        sleep_for(runtime, 10s);
        EXPECT_TRUE(interest.told());
        EXPECT_THAT(redis.commands("redis"), Contains("PING")) << "silence is asked about";
        EXPECT_EQ(redis.connections("redis"), 3) << "one for requests, two one after the other";
    });
    EXPECT_EQ(heard, 3);
    EXPECT_THAT(redis.commands("redis"), Contains("UNSUBSCRIBE " + channel));
}

TEST_F(Push, WhatIsNoMessageCostsTheConnectionAndNothingElse) {
    const std::vector<std::string> nonsense{
        "?\r\n", ":1\r\n", "$-1\r\n", "*-1\r\n", "*0\r\n", "+OK\r\n",
        "*2\r\n$7\r\nmessage\r\n$1\r\nc\r\n",
        "*3\r\n$7\r\nmessage\r\n:1\r\n$0\r\n\r\n",
        "*3\r\n$8\r\npsmessag\r\n$1\r\nc\r\n$0\r\n\r\n",
        "*3\r\n$-1\r\n$-1\r\n$-1\r\n", "-ERR what\r\n"};
    for (const std::string& bytes : nonsense) {
        bool first = true;
        on["SUBSCRIBE"] = [&](const Words&) {
            return agreed_and(std::exchange(first, false) ? bytes : std::string());
        };
        heard = 0;
        SCOPED_TRACE(bytes);
        const bool refused = bytes.starts_with('-');  // then it is not asked again so soon
        follow(refused ? 1 : 2, [&](Changes::Interest& interest, Runtime&) {
            EXPECT_EQ(interest.told(), !refused);
        });
    }
}

TEST_F(Push, ASilentServerIsLeftForAnotherConnection) {
    on["SUBSCRIBE"] = [](const Words&) { return agreed_and({}); };
    on["PING"] = [](const Words&) { return Reaction{}; };
    follow(2, [this](Changes::Interest& interest, Runtime&) {
        EXPECT_TRUE(interest.told());
        EXPECT_EQ(redis.connections("redis"), 3);
    });
}

TEST_F(Push, IsNeverTheWholeTruthAmongPeersThatPublishNothing) {
    on["SUBSCRIBE"] = [](const Words&) { return agreed_and({}); };
    with_driver("?push=on&peers=mixed", [this](Driver& driver, Runtime& runtime) {
        const auto interest =
            driver.changes()->follow(Changes::Kind::group, "g", [&] { ++heard; });
        sleep_for(runtime, 1s);
        EXPECT_FALSE(interest->told());
        const auto lock = driver.changes()->follow(Changes::Kind::lock, "L", [&] { ++heard; });
        sleep_for(runtime, 1s);
        EXPECT_EQ(heard, 1) << "the server agreed to L only";
        EXPECT_FALSE(lock->told());
    });
}

}  // namespace
}  // namespace conclave::testing
