// What the clients of a sentinel are told: replies, events, and what becomes of a slow reader.

#include <gmock/gmock.h>

#include "watched_redis.hpp"

namespace conclave::servers::redis {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

using Words = std::vector<std::string>;

/// The keys of a reply that is a flat list of keys and values.
Words keys_of(const resp::Reply& reply) {
    Words keys;
    for (std::size_t i = 0; i < reply.elements.size(); i += 2)
        keys.push_back(reply.elements[i].text);
    return keys;
}

std::string value_of(const resp::Reply& reply, const std::string& key) {
    for (std::size_t i = 0; i + 1 < reply.elements.size(); i += 2)
        if (reply.elements[i].text == key) return reply.elements[i + 1].text;
    return "no such key";
}

/// Greets a sentinel in the name of ever new peers: each greeting is an event for subscribers.
void greet(TestClient& client, int from, int count) {
    for (int i = from; i < from + count; ++i) {
        std::string id = std::to_string(i);
        id.insert(0, 40 - id.size(), '0');
        client.command(
            {"PUBLISH", "__sentinel__:hello", "10.0.0.9,26379," + id + ",0,mymaster,m,6379,0"});
    }
}

Words text_of(const resp::Reply& reply) {
    Words words;
    for (const resp::Reply& element : reply.elements) words.push_back(element.text);
    return words;
}

}  // namespace

// The messages fill the window many times over, while nobody reads; then all arrive whole and in
// order.
TEST(SentinelClients, SlowSubscriberGetsEveryMessageWhole) {
    constexpr int greetings = 2000;
    WatchedRedis redis(1);
    int whole = 0;
    resp::Reply pong;
    redis.add_client(10, [&](Runtime& runtime) {
        TestClient slow(runtime, WatchedRedis::sentinel("s1"));
        slow.command({"SUBSCRIBE", "+sentinel"});
        TestClient busy(runtime, WatchedRedis::sentinel("s1"));
        greet(busy, 0, greetings);
        pong = busy.command({"PING"});
        for (int i = 0; i < greetings; ++i) {
            const resp::Reply message = slow.receive();
            std::string id = std::to_string(i);
            id.insert(0, 40 - id.size(), '0');
            if (text_of(message) == Words{"message", "+sentinel",
                                          "sentinel " + id + " 10.0.0.9 26379 @ mymaster m 6379"})
                ++whole;
        }
    });
    redis.run(60);
    EXPECT_EQ(pong.text, "PONG");
    EXPECT_EQ(whole, greetings);
}

TEST(SentinelClients, SubscriberThatReadsNothingIsDisconnectedAtTheLimit) {
    SentinelOptions options;
    options.output_bytes_max = 16 * 1024;
    WatchedRedis redis(1, options);
    int received = 0;
    resp::Reply last, pong;
    redis.add_client(10, [&](Runtime& runtime) {
        TestClient slow(runtime, WatchedRedis::sentinel("s1"));
        slow.command({"SUBSCRIBE", "+sentinel"});
        TestClient busy(runtime, WatchedRedis::sentinel("s1"));
        greet(busy, 0, 2000);
        pong = busy.command({"PING"});
        while ((last = slow.receive()).type == resp::Type::array) ++received;
    });
    redis.run(60);
    EXPECT_EQ(pong.text, "PONG") << "others are served";
    EXPECT_EQ(last.text, "closed");
    EXPECT_GT(received, 0);
    EXPECT_LT(received, 2000);
}

// Requests without end whose replies nobody reads: the sentinel stops reading, and goes on when the
// client does.
TEST(SentinelClients, PipelineThatIsNotReadWaits) {
    constexpr int requests = 3000;
    WatchedRedis redis(1);
    int answers = 0;
    redis.add_client(20, [&](Runtime& runtime) {
        TestClient client(runtime, WatchedRedis::sentinel("s1"));
        TaskGroup tasks(runtime.scheduler);
        tasks.spawn([&] {
            for (int i = 0; i < requests; ++i) client.send({"SENTINEL", "master", "mymaster"});
        });
        sleep_for(runtime, 2s);
        while (answers < requests && client.receive().type == resp::Type::array) ++answers;
        tasks.join();
    });
    redis.run(60);
    EXPECT_EQ(answers, requests);
}

// One that learns of the new master before it has missed the old one tells of no sdown, so all three
// are listened to.
TEST(SentinelClients, AreToldOfAFailoverAsItGoes) {
    WatchedRedis redis(3);
    std::map<std::string, std::string> first;
    std::string promoted;
    for (const char* sentinel : {"s1", "s2", "s3"})
        redis.add_client(10, [&, sentinel](Runtime& runtime) {
            TestClient client(runtime, WatchedRedis::sentinel(sentinel));
            client.command({"PSUBSCRIBE", "*"});
            for (;;) {
                const Words words = text_of(client.receive());
                if (words.size() != 4) return;
                first.emplace(words[2], words[3]);
            }
        });
    redis.world.at(at_seconds(20), [&] { redis.server("m").crash(); });
    redis.add_client(50, [&](Runtime& runtime) {
        promoted = WatchedRedis::master_of(runtime, "s1");
    });
    redis.run(60);
    EXPECT_EQ(first["+sdown"], "master mymaster m 6379");
    EXPECT_THAT(first["+odown"], testing::MatchesRegex("master mymaster m 6379 #quorum [23]/2"));
    EXPECT_EQ(first["+new-epoch"], "1");
    EXPECT_EQ(first["+selected-slave"],
              "slave " + promoted + ":6379 " + promoted + " 6379 @ mymaster m 6379");
    EXPECT_EQ(first["+switch-master"], "mymaster m 6379 " + promoted + " 6379");
}

TEST(SentinelClients, FieldsOfAnInstanceAreThoseOfTheRealOneInItsOrder) {
    WatchedRedis redis(2);
    resp::Reply master, replicas, peers, down;
    redis.add_client(15, [&](Runtime& runtime) {
        TestClient client(runtime, WatchedRedis::sentinel("s1"));
        master = client.command({"SENTINEL", "master", "mymaster"});
        replicas = client.command({"SENTINEL", "replicas", "mymaster"});
        peers = client.command({"SENTINEL", "sentinels", "mymaster"});
    });
    redis.world.at(at_seconds(20), [&] { redis.server("m").crash(); });
    redis.add_client(24, [&](Runtime& runtime) {
        TestClient clients[] = {{runtime, WatchedRedis::sentinel("s1")},
                                {runtime, WatchedRedis::sentinel("s2")},
                                {runtime, WatchedRedis::sentinel("s3")}};
        while (sleep_for(runtime, 50ms))
            for (TestClient& client : clients) {
                down = client.command({"SENTINEL", "master", "mymaster"});
                if (value_of(down, "flags").starts_with("s_down")) return;
            }
    });
    redis.run(30);
    const Words common = {"name",
                          "ip",
                          "port",
                          "runid",
                          "flags",
                          "link-pending-commands",
                          "link-refcount",
                          "last-ping-sent",
                          "last-ok-ping-reply",
                          "last-ping-reply",
                          "down-after-milliseconds"};
    const auto with = [&](const Words& more) {
        Words keys = common;
        keys.insert(keys.end(), more.begin(), more.end());
        return keys;
    };
    EXPECT_EQ(keys_of(master), with({"info-refresh", "role-reported", "role-reported-time",
                                     "config-epoch", "num-slaves", "num-other-sentinels", "quorum",
                                     "failover-timeout", "parallel-syncs"}));
    ASSERT_EQ(replicas.elements.size(), 2u);
    EXPECT_EQ(keys_of(replicas.elements[0]),
              with({"info-refresh", "role-reported", "role-reported-time", "master-link-down-time",
                    "master-link-status", "master-host", "master-port", "slave-priority",
                    "slave-repl-offset", "replica-announced"}));
    ASSERT_EQ(peers.elements.size(), 2u);
    EXPECT_EQ(keys_of(peers.elements[0]),
              with({"last-hello-message", "voted-leader", "voted-leader-epoch"}));
    EXPECT_THAT(value_of(down, "flags"), testing::StartsWith("s_down,"));
    EXPECT_THAT(keys_of(down), testing::Contains("s-down-time"));
}

struct Asked {
    Words words;
    std::string reply;
};
class SentinelReply : public testing::TestWithParam<Asked> {};

TEST_P(SentinelReply, IsThatOfTheRealOne) {
    WatchedRedis redis(1);
    std::string reply;
    redis.add_client(10, [&](Runtime& runtime) {
        TestClient client(runtime, WatchedRedis::sentinel("s1"));
        resp::append_reply(reply, client.command(GetParam().words));
    });
    redis.run(20);
    EXPECT_EQ(reply, GetParam().reply);
}

const std::string too_few = "-ERR wrong number of arguments for '";

INSTANTIATE_TEST_SUITE_P(
    All, SentinelReply,
    testing::Values(
        Asked{{"GET", "k"}, "-ERR unknown command 'GET', with args beginning with: 'k' \r\n"},
        Asked{{"RESET"}, "-ERR unknown command 'RESET', with args beginning with: \r\n"},
        Asked{{"sentinel"}, too_few + "sentinel' command\r\n"},
        Asked{{"SENTINEL", "FOO", "bar"}, "-ERR unknown subcommand 'FOO'. Try SENTINEL HELP.\r\n"},
        Asked{{"CLIENT", "FOO"}, "-ERR unknown subcommand 'FOO'. Try CLIENT HELP.\r\n"},
        Asked{{"SENTINEL", "Master"}, too_few + "sentinel|master' command\r\n"},
        Asked{{"SENTINEL", "masters", "x"}, too_few + "sentinel|masters' command\r\n"},
        Asked{{"SENTINEL", "slaves", "nope"}, "-ERR No such master with that name\r\n"},
        Asked{{"SENTINEL", "get-master-addr-by-name", "nope"}, "*-1\r\n"},
        Asked{{"SENTINEL", "is-master-down-by-addr", "m", "x", "0", "*"},
              "-ERR value is not an integer or out of range\r\n"},
        Asked{{"SENTINEL", "is-master-down-by-addr", "m", "99999", "0", "a"},
              "*3\r\n:0\r\n$1\r\n*\r\n:0\r\n"},
        Asked{{"PUBLISH", "a", "b"},
              "-ERR Only HELLO messages are accepted by Sentinel instances.\r\n"},
        Asked{{"UNSUBSCRIBE", "a"}, "*3\r\n$11\r\nunsubscribe\r\n$1\r\na\r\n:0\r\n"},
        Asked{{"AUTH", "x"},
              "-ERR AUTH <password> called without any password configured for the default user. "
              "Are you sure your configuration is correct?\r\n"},
        Asked{{"SHUTDOWN"}, "-ERR unsupported by the model: command 'shutdown'\r\n"}));

TEST(SentinelClients, SubscribedOnesMayAskForNothingElse) {
    WatchedRedis redis(1);
    Words texts;
    redis.add_client(10, [&](Runtime& runtime) {
        TestClient client(runtime, WatchedRedis::sentinel("s1"));
        client.command({"SUBSCRIBE", "a"});
        texts.push_back(client.command({"SENTINEL", "myid"}).text);
        texts.push_back(client.command({"PING"}).elements.at(0).text);
        client.command({"UNSUBSCRIBE"});
        texts.push_back(client.command({"PING"}).text);
    });
    redis.run(20);
    EXPECT_THAT(texts,
                ElementsAre(HasSubstr("Can't execute 'sentinel|myid': only"), "pong", "PONG"));
}

}  // namespace conclave::servers::redis
