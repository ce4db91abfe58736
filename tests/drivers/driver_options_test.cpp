#include "redis/driver/driver_options.hpp"

#include <gmock/gmock.h>

#include "conclave/error.hpp"

namespace conclave::redis {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;

DriverOptions parse(const std::string& text) {
    const Url url = parse_url(text);
    return parse_driver_options(url, url.query);
}

std::string problem(const std::string& text) {
    try {
        parse(text);
    } catch (const BadOption& error) {
        return error.what();
    }
    return "no error";
}

TEST(RedisOptions, HaveToozsDefaults) {
    const DriverOptions options = parse("redis://host");
    EXPECT_EQ(options.client.server, (Endpoint{"host", 6379, {}}));
    EXPECT_EQ(options.lock_ttl, 30s);
    EXPECT_EQ(options.membership_ttl, 30s);
    EXPECT_EQ(options.name_space, "_tooz");
    EXPECT_EQ(options.lock_key, LockKey::current);
    EXPECT_EQ(options.client.database, 0);
    EXPECT_FALSE(options.client.tls);
    EXPECT_FALSE(options.client.sentinel);
    EXPECT_FALSE(options.client.retry_on_timeout);
    EXPECT_EQ(options.client.health_check_interval, 0s);
}

TEST(RedisOptions, TimeoutIsTheDefaultOfTheOthers) {
    const DriverOptions options = parse("redis://host?timeout=8&lock_timeout=2.5");
    EXPECT_EQ(options.membership_ttl, 8s);
    EXPECT_EQ(options.lock_ttl, 2500ms);
}

TEST(RedisOptions, NoAttemptOutlastsAQuarterOfALease) {
    EXPECT_EQ(parse("redis://host?lock_timeout=8&socket_timeout=5").client.reply_timeout, 2s);
    EXPECT_EQ(parse("redis://host?lock_timeout=8&socket_timeout=1").client.reply_timeout, 1s);
    EXPECT_EQ(parse("redis://host?socket_connect_timeout=3").client.connect_timeout, 3s);
}

TEST(RedisOptions, ReadCredentialsDatabaseAndSocket) {
    const DriverOptions options = parse("redis://user:p%40ss@host:7000?db=3");
    EXPECT_EQ(options.client.credentials.user, "user");
    EXPECT_EQ(options.client.credentials.password, "p@ss");
    EXPECT_EQ(options.client.database, 3);
    EXPECT_EQ(parse("redis:///run/redis.sock").client.server.unix_path, "/run/redis.sock");
    EXPECT_EQ(parse("redis://:secret@host").client.credentials.user, "");
}

TEST(RedisOptions, ReadTls) {
    EXPECT_TRUE(parse("rediss://host").client.tls->verify);
    const TlsOptions tls = *parse(
                                "redis://host?ssl=true&ssl_certfile=c&ssl_keyfile=k"
                                "&ssl_ca_certs=ca&ssl_verify=no")
                                .client.tls;
    EXPECT_EQ(tls.certificate_file, "c");
    EXPECT_EQ(tls.key_file, "k");
    EXPECT_EQ(tls.ca_file, "ca");
    EXPECT_FALSE(tls.verify);
}

TEST(RedisOptions, ReadSentinels) {
    const SentinelOptions sentinel =
        *parse(
             "redis://s1:26379?sentinel=main&sentinel_fallback=s2:26380"
             "&sentinel_fallback=[::1]:26381&sentinel_username=u&sentinel_password=p")
             .client.sentinel;
    EXPECT_EQ(sentinel.master_name, "main");
    EXPECT_EQ(sentinel.sentinels,
              (std::vector<Endpoint>{{"s1", 26379, {}}, {"s2", 26380, {}}, {"::1", 26381, {}}}));
    EXPECT_EQ(sentinel.credentials.user, "u");
    EXPECT_EQ(sentinel.credentials.password, "p");
    EXPECT_FALSE(sentinel.tls);
}

TEST(RedisOptions, SentinelsHaveTlsOfTheirOwn) {
    const std::string sentinels = "redis://s1?sentinel=main&ssl_ca_certs=ca&sentinel_ssl=";
    const ClientOptions only_sentinels = parse(sentinels + "true").client;
    EXPECT_FALSE(only_sentinels.tls);
    EXPECT_EQ(only_sentinels.sentinel->tls->ca_file, "ca");
    const ClientOptions only_servers = parse(sentinels + "false&ssl=true").client;
    EXPECT_EQ(only_servers.tls->ca_file, "ca");
    EXPECT_FALSE(only_servers.sentinel->tls);
    EXPECT_TRUE(parse(sentinels + "true&ssl=true").client.sentinel->tls);
}

TEST(RedisOptions, DeclareWhatTheServerMayNotTell) {
    EXPECT_EQ(parse("redis://h").durable, Declared::ask);
    EXPECT_EQ(parse("redis://h").keeps_keys, Declared::ask);
    EXPECT_EQ(parse("redis://h?durability=always").durable, Declared::yes);
    EXPECT_EQ(parse("redis://h?durability=none").durable, Declared::no);
    EXPECT_EQ(parse("redis://h?eviction=never").keeps_keys, Declared::yes);
    EXPECT_EQ(parse("redis://h?eviction=possible").keeps_keys, Declared::no);
}

TEST(RedisOptions, OurLayoutHasANamespaceOfItsOwnAndNoPeers) {
    EXPECT_EQ(parse("redis://h").layout, Layout::tooz);
    EXPECT_EQ(parse("redis://h?layout=conclave").name_space, "conclave");
    EXPECT_EQ(parse("redis://h?layout=conclave&namespace=n").name_space, "n");
    EXPECT_THROW(parse("redis://h?layout=conclave&lock_key=old"), BadOption);
    EXPECT_THROW(parse("redis://h?layout=conclave&peers=mixed"), BadOption);
}

TEST(RedisOptions, TheLastValueOfAKeyWins) {
    EXPECT_EQ(parse("redis://host?namespace=a&namespace=b").name_space, "b");
}

TEST(RedisOptions, OfToozWithoutUseAreAccepted) {
    for (const std::string option :
         {"executor=threaded", "executor=thread", "executor=threading", "executor=synchronous",
          "executor=sync", "encoding=utf8", "encoding=utf-8", "socket_keepalive=true",
          "socket_keepalive=0"})
        EXPECT_NO_THROW(parse("redis://host?" + option)) << option;
}

struct Bad {
    std::string url;
    std::string named;
    std::string expected;
};

class BadRedisOption : public ::testing::TestWithParam<Bad> {};

TEST_P(BadRedisOption, IsNamedWithWhatWasExpected) {
    EXPECT_THAT(problem(GetParam().url),
                AllOf(HasSubstr(GetParam().named), HasSubstr(GetParam().expected)));
}

INSTANTIATE_TEST_SUITE_P(
    All, BadRedisOption,
    ::testing::Values(
        Bad{"redis://h?tiemout=3", "tiemout=3", "known ones are: "},
        Bad{"redis://h?timeout=0", "timeout=0", "seconds, 0.001 or more"},
        Bad{"redis://h?timeout=-1", "timeout=-1", "seconds"},
        Bad{"redis://h?timeout=nan", "timeout=nan", "seconds"},
        Bad{"redis://h?lock_timeout=1e300", "lock_timeout=1e300", "seconds"},
        Bad{"redis://h?lock_timeout=5s", "lock_timeout=5s", "seconds"},
        Bad{"redis://h?db=-1", "db=-1", "a whole number of 0.."},
        Bad{"redis://h?db=1.5", "db=1.5", "a whole number"},
        Bad{"redis://h?ssl=perhaps", "ssl=perhaps", "true or false"},
        Bad{"redis://h?lock_key=newest", "lock_key=newest", "one of: new, old, old_text"},
        Bad{"redis://h?durability=yes", "durability=yes", "one of: ask, always, none"},
        Bad{"redis://h?eviction=lru", "eviction=lru", "one of: ask, never, possible"},
        Bad{"redis://h?ssl_ca_certs=ca", "ssl=false", "sentinel_ssl=true"},
        Bad{"redis://h?peers=python", "peers=python", "one of: conclave, mixed"},
        Bad{"redis://h?push=perhaps", "push=perhaps", "true or false"},
        Bad{"redis://h?encoding=latin-1", "encoding=latin-1", "utf8"},
        Bad{"redis://h?executor=gevent", "executor=gevent", "threaded"},
        Bad{"redis://h?wait_replicas=x", "wait_replicas=x", "a whole number"},
        Bad{"redis://h?sentinel_fallback=s2:1", "sentinel_fallback", "sentinel=<master name>"},
        Bad{"redis://h?sentinel=m&sentinel_fallback=s2", "sentinel_fallback=s2", "host:port"},
        Bad{"redis://h?sentinel=m&sentinel_fallback=s2:x", "sentinel_fallback=x", "1..65535"},
        Bad{"redis:///run/s.sock?sentinel=m", "sentinel=m", "a URL with a host"},
        Bad{"redis://h?ssl_ca_certs=ca", "ssl=false", "true"},
        Bad{"rediss://h?ssl_certfile=c", "ssl_certfile=c", "together"},
        Bad{"redis://", "without a host", "redis:///path/to/socket"},
        Bad{"redis://h/2", "/2", "?db=N"}, Bad{"redis://user@h", "user", "user:password@host"}));

}  // namespace
}  // namespace conclave::redis
