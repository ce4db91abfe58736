// What the Redis driver claims: from its configuration, and from what the server says of itself.

#include "conclave/client.hpp"
#include "driver_fixture.hpp"

namespace conclave {
namespace {

using namespace std::chrono_literals;
using testing::answer;
using testing::Words;

const Claims only_where_it_reaches{{Characteristic::distributed_across_threads,
                                    Characteristic::distributed_across_processes,
                                    Characteristic::distributed_across_hosts},
                                   {}};

struct RedisClaimsTest : testing::DriverFixture {
    static std::string info(const std::string& more) {
        return "redis_version:7.0.15\r\nredis_mode:standalone\r\n" + more;
    }
    static inline const std::string keeps_keys = "maxmemory:0\r\nmaxmemory_policy:noeviction\r\n";

    /// The features once started, at a server that says this of itself.
    std::set<Feature> started(const std::string& more, const resp::Reply& appendfsync,
                              const std::string& query = "") {
        on["INFO"] = [text = info(more)](const Words&) { return answer(resp::bulk(text)); };
        on["CONFIG"] = [appendfsync](const Words&) { return answer(appendfsync); };
        std::set<Feature> features;
        with_driver(query, [&](Driver& driver, Runtime&) {
            features = driver.claims().features;
            if (features.empty()) {
                EXPECT_EQ(driver.claims().characteristics, only_where_it_reaches.characteristics);
            }
        });
        return features;
    }
    static resp::Reply fsync(const std::string& value) {
        return resp::array({resp::bulk("appendfsync"), resp::bulk(value)});
    }
    const std::set<Feature> everything{Feature::exclusive_by_belief, Feature::fencing,
                                       Feature::membership_accuracy};
    const std::set<Feature> nothing;
};

TEST_F(RedisClaimsTest, FollowFromTheConfigurationBeforeTheStart) {
    redis.run([](Runtime& runtime) {
        const auto claims = [&](const std::string& query) {
            return all_drivers().make(runtime, "redis://redis" + query, "me")->claims();
        };
        EXPECT_TRUE(claims("").features.contains(Feature::exclusive_by_belief));
        EXPECT_TRUE(claims("").features.contains(Feature::fencing));
        EXPECT_TRUE(claims("").characteristics.contains(Characteristic::causal));
        EXPECT_TRUE(claims("").characteristics.contains(Characteristic::linearizable));
        EXPECT_TRUE(claims("?peers=mixed").features.empty());
        EXPECT_FALSE(
            claims("?peers=mixed").characteristics.contains(Characteristic::linearizable));
        for (const char* weak : {"?sentinel=main", "?sentinel=main&wait_replicas=1",
                                 "?durability=none", "?eviction=possible"}) {
            EXPECT_TRUE(claims(weak).features.empty()) << weak;
            EXPECT_EQ(claims(weak).characteristics, only_where_it_reaches.characteristics) << weak;
        }
    });
}

TEST_F(RedisClaimsTest, AreFullWhereTheServerLosesNothing) {
    EXPECT_EQ(started("aof_enabled:1\r\n" + keeps_keys, fsync("always")), everything);
    // A policy is without effect while there is no limit.
    EXPECT_EQ(started("aof_enabled:1\r\nmaxmemory:0\r\nmaxmemory_policy:allkeys-lru\r\n",
                      fsync("always")),
              everything);
}

TEST_F(RedisClaimsTest, AreWeakWhereARestartForgets) {
    EXPECT_EQ(started("aof_enabled:0\r\n" + keeps_keys, fsync("always")), nothing);
    EXPECT_EQ(started("aof_enabled:1\r\n" + keeps_keys, fsync("everysec")), nothing);
    EXPECT_EQ(started("aof_enabled:1\r\n" + keeps_keys, fsync("no")), nothing);
}

TEST_F(RedisClaimsTest, AreWeakWhereKeysAreEvicted) {
    for (const char* policy : {"allkeys-lru", "volatile-ttl", "allkeys-random"})
        EXPECT_EQ(started("aof_enabled:1\r\nmaxmemory:1000\r\nmaxmemory_policy:" +
                              std::string(policy) + "\r\n",
                          fsync("always")),
                  nothing)
            << policy;
}

TEST_F(RedisClaimsTest, AreWeakWhereTheServerDoesNotTell) {
    EXPECT_EQ(started("", fsync("always")), nothing);
    EXPECT_EQ(started("aof_enabled:1\r\n", fsync("always")), nothing);
    for (const resp::Reply& untold :
         {resp::error("NOPERM this user has no permissions"), resp::error("ERR unknown command"),
          resp::array({})})
        EXPECT_EQ(started("aof_enabled:1\r\n" + keeps_keys, untold), nothing);
}

TEST_F(RedisClaimsTest, AreWhatTheUserDeclaresWhereTheServerDoesNotTell) {
    const resp::Reply denied = resp::error("NOPERM this user has no permissions");
    EXPECT_EQ(started("", denied, "?durability=always&eviction=never"), everything);
    EXPECT_EQ(started(keeps_keys, denied, "?durability=always"), everything);
    EXPECT_EQ(started("aof_enabled:1\r\n", fsync("always"), "?eviction=never"), everything);
    EXPECT_EQ(started("aof_enabled:1\r\n" + keeps_keys, fsync("always"), "?durability=none"),
              nothing);
    EXPECT_EQ(started("aof_enabled:1\r\n" + keeps_keys, fsync("always"), "?eviction=possible"),
              nothing);
}

TEST_F(RedisClaimsTest, RequirementsAreJudgedByWhatTheServerSaid) {
    on["INFO"] = [](const Words&) {
        return answer(resp::bulk(info("aof_enabled:0\r\n" + keeps_keys)));
    };
    on["beat"] = [](const Words&) { return answer(resp::array({})); };
    redis.run([](Runtime& runtime) {
        InlineGate gate(runtime);
        const auto start = [&](const std::string& query) {
            Client client =
                Client::start(gate, all_drivers().make(runtime, "redis://redis" + query, "me"),
                              MemberId("me"), {Feature::fencing});
            client.stop();
        };
        EXPECT_THROW(start(""), DriverChosenPoorly);
        start("?durability=always");
    });
}

}  // namespace
}  // namespace conclave
