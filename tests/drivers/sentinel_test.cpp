#include <gmock/gmock.h>

#include "redis/client/client.hpp"
#include "scripted_redis.hpp"

namespace conclave::redis {
namespace {

using namespace std::chrono_literals;
using conclave::testing::answer;
using conclave::testing::Behaviour;
using conclave::testing::Reaction;
using conclave::testing::ScriptedRedis;
using conclave::testing::Words;
using ::testing::HasSubstr;

ClientOptions behind(const std::vector<std::string>& sentinels) {
    ClientOptions options;
    options.sentinel.emplace();
    options.sentinel->master_name = "main";
    for (const std::string& host : sentinels)
        options.sentinel->sentinels.push_back({host, 6379, {}});
    return options;
}

/// A server of `role` that refuses writes unless it is the master.
Behaviour data_server(const std::string& role) {
    return [role](const Words& words) {
        if (words[0] == "ROLE")
            return answer(resp::array({resp::bulk(role), resp::integer(0), resp::array({})}));
        if (role != "master") return answer(resp::error("READONLY You can't write."));
        return answer(resp::status("OK"));
    };
}

/// A sentinel that names whatever `master` holds at the time.
Behaviour sentinel(const std::string& master) {
    return [&master](const Words&) {
        if (master.empty()) return answer(resp::null_array());
        return answer(resp::array({resp::bulk(master), resp::bulk("6379")}));
    };
}

struct SentinelTest : ::testing::Test {
    ScriptedRedis redis;
    std::string master = "a";

    std::string write(const ClientOptions& options) {
        std::string problem;
        redis.run([&](Runtime& runtime) {
            Client client(runtime, options);
            client.open();
            try {
                client.call(command({"SET", "k"}, Repeat::never), runtime.after(10s));
            } catch (const Error& error) {
                EXPECT_EQ(error.effect(), Effect::none);
                problem = error.what();
            }
            client.close();
        });
        return problem;
    }
};

TEST_F(SentinelTest, WritesToTheMasterThatASentinelNames) {
    redis.add_server("s", sentinel(master));
    redis.add_server("a", data_server("master"));
    EXPECT_EQ(write(behind({"s"})), "");
    EXPECT_THAT(redis.commands("s"),
                ::testing::ElementsAre("SENTINEL get-master-addr-by-name main"));
    EXPECT_THAT(redis.commands("a"), ::testing::ElementsAre("ROLE", "SET k"));
}

TEST_F(SentinelTest, AsksTheNextSentinelWhenOneIsDownOrIgnorant) {
    const std::string nobody;
    redis.add_server("s2", sentinel(nobody));
    redis.add_server("s3", sentinel(master));
    redis.add_server("a", data_server("master"));
    EXPECT_EQ(write(behind({"a-host-that-is-not-there", "s2", "s3"})), "");
}

TEST_F(SentinelTest, ASentinelThatHangsLeavesTimeForTheOthers) {
    redis.add_server("s1", [](const Words&) { return Reaction{}; });
    redis.add_server("s2", sentinel(master));
    redis.add_server("a", data_server("master"));
    EXPECT_EQ(write(behind({"s1", "s2"})), "");
}

TEST_F(SentinelTest, DoesNotTrustASentinelThatNamesAReplica) {
    redis.add_server("s", sentinel(master));
    redis.add_server("a", data_server("slave"));
    EXPECT_THAT(write(behind({"s"})), HasSubstr("redis a:6379: is a slave, expected the master"));
}

TEST_F(SentinelTest, SaysWhyNoSentinelHelped) {
    const std::string nobody;
    redis.add_server("s1", sentinel(nobody));
    redis.add_server("s2", [](const Words&) { return answer(resp::integer(7)); });
    const std::string problem = write(behind({"s1", "s2"}));
    EXPECT_THAT(problem, HasSubstr("no sentinel led to the master of 'main'"));
    EXPECT_THAT(problem, HasSubstr("s1:6379: does not know a master named 'main'"));
    EXPECT_THAT(problem, HasSubstr("s2:6379: wrong reply to SENTINEL"));
}

TEST_F(SentinelTest, FollowsAFailoverWhenItsServerBecomesAReplica) {
    bool demoted = false;
    redis.add_server("s", sentinel(master));
    redis.add_server(
        "a", [&](const Words& words) { return data_server(demoted ? "slave" : "master")(words); });
    redis.add_server("b", data_server("master"));
    redis.run([&](Runtime& runtime) {
        Client client(runtime, behind({"s"}));
        client.open();
        client.call(command({"SET", "1"}, Repeat::never), runtime.after(5s));
        demoted = true;
        master = "b";
        // READONLY says that nothing was written, so that even this may be sent again.
        client.call(command({"SET", "2"}, Repeat::never), runtime.after(5s));
        EXPECT_EQ(client.incarnation(), 2U);
        client.close();
    });
    EXPECT_THAT(redis.commands("b"), ::testing::ElementsAre("ROLE", "SET 2"));
}

TEST_F(SentinelTest, FollowsAFailoverWhenItsServerIsGone) {
    redis.add_server("s", sentinel(master));
    redis.add_server("a", data_server("master"));
    redis.add_server("b", data_server("master"));
    redis.run([&](Runtime& runtime) {
        Client client(runtime, behind({"s"}));
        client.open();
        client.call(command({"SET", "1"}, Repeat::never), runtime.after(5s));
        redis.host("a").power_loss();
        master = "b";
        redis.world().network().reset_connections(redis.client_host(), redis.host("a"));
        client.call(command({"PEXPIRE", "k"}, Repeat::safe), runtime.after(5s));
        client.close();
    });
    EXPECT_THAT(redis.commands("b"), ::testing::ElementsAre("ROLE", "PEXPIRE k"));
}

TEST_F(SentinelTest, LogsInToSentinelsAndServersWithTheirOwnPasswords) {
    redis.add_server("s", [&](const Words& words) {
        return words[0] == "AUTH" ? answer(resp::status("OK")) : sentinel(master)(words);
    });
    redis.add_server("a", data_server("master"));
    ClientOptions options = behind({"s"});
    options.sentinel->credentials = {"", "for-sentinels"};
    options.credentials = {"", "for-servers"};
    EXPECT_EQ(write(options), "");
    EXPECT_EQ(redis.commands("s").front(), "AUTH for-sentinels");
    EXPECT_EQ(redis.commands("a").front(), "AUTH for-servers");
}

}  // namespace
}  // namespace conclave::redis
