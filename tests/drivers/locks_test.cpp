#include "conclave/belief.hpp"
#include "driver_fixture.hpp"
#include "redis/driver/leases.hpp"

namespace conclave {
namespace {

using namespace std::chrono_literals;
using testing::answer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::Reaction;
using testing::Words;

using RedisLocksTest = testing::DriverFixture;

TEST_F(RedisLocksTest, AcquiringTakesTheCountersTokenAndBelievesFromTheRequestsSending) {
    on["acquire"] = [](const Words&) { return answer(resp::integer(7)); };
    with_driver("?lock_timeout=10", [&](Driver& driver, Runtime& runtime) {
        const TimePoint asked = runtime.clock.now();
        const std::optional<Lease> lease =
            driver.locks()->try_acquire("foo", "owner", runtime.after(5s));
        ASSERT_TRUE(lease);
        EXPECT_EQ(lease->token, 7U);
        EXPECT_EQ(lease->owner, "owner");
        // (10 s - 1 ms) less 1 % for the clocks, less a tenth of the lease.
        const Duration believed = lease->belief_until - asked;
        EXPECT_GE(believed, 9'999ms * 99 / 100 - 1s);
        EXPECT_LT(believed, 9'999ms * 99 / 100 - 1s + 1ms);
    });
    EXPECT_EQ(scripts_run.front(),
              (Words{"acquire", "_tooz_foo_lock", "_tooz_foo_lock:fence", "owner", "10000"}));
}

TEST_F(RedisLocksTest, AnotherOwnersLockIsNotAnError) {
    on["acquire"] = [](const Words&) { return answer(resp::integer(0)); };
    with_driver("", [](Driver& driver, Runtime& runtime) {
        EXPECT_FALSE(driver.locks()->try_acquire("foo", "owner", runtime.after(5s)));
    });
}

TEST_F(RedisLocksTest, AWinWhoseReplyWasLostIsAskedForAgainByTheSameOwner) {
    with_driver("", [&](Driver& driver, Runtime& runtime) {
        redis.world().network().lose_next_reply(redis.client_host(), redis.host("redis"));
        EXPECT_TRUE(driver.locks()->try_acquire("foo", "owner", runtime.after(5s)));
    });
    ASSERT_EQ(scripts_run.size(), 2U);
    EXPECT_EQ(scripts_run[0], scripts_run[1]);
}

TEST_F(RedisLocksTest, BeliefCountsFromTheAttemptThatWasAnswered) {
    with_driver("?lock_timeout=10", [&](Driver& driver, Runtime& runtime) {
        std::optional<Lease> lease = driver.locks()->try_acquire("foo", "owner", runtime.after(5s));
        redis.world().network().lose_next_reply(redis.client_host(), redis.host("redis"));
        const TimePoint asked = runtime.clock.now();
        ASSERT_TRUE(driver.locks()->renew(*lease, runtime.after(5s)));
        EXPECT_GT(lease->belief_until, asked + belief_length(10s));
        EXPECT_LT(lease->belief_until, runtime.clock.now() + belief_length(10s));
    });
}

TEST_F(RedisLocksTest, ALostLockIsToldByRenewing) {
    on["renew"] = [](const Words&) { return answer(resp::integer(0)); };
    with_driver("", [](Driver& driver, Runtime& runtime) {
        std::optional<Lease> lease = driver.locks()->try_acquire("foo", "owner", runtime.after(5s));
        const TimePoint believed = lease->belief_until;
        EXPECT_FALSE(driver.locks()->renew(*lease, runtime.after(5s)));
        EXPECT_EQ(lease->belief_until, believed);
    });
}

TEST_F(RedisLocksTest, ReleasingSaysWhetherItWasStillOurs) {
    int left = 1;
    on["release"] = [&](const Words&) { return answer(resp::integer(left)); };
    with_driver("", [&](Driver& driver, Runtime& runtime) {
        const Lease lease{"foo", "owner", 1, {}};
        EXPECT_TRUE(driver.locks()->release(lease, runtime.after(5s)));
        left = 0;
        EXPECT_FALSE(driver.locks()->release(lease, runtime.after(5s)));
    });
    EXPECT_EQ(scripts_run.front(), (Words{"release", "_tooz_foo_lock", "owner"}));
}

/// The lost attempt does it, and the repeated one finds nothing.
void lose_the_reply_of_the_release(testing::DriverFixture& fixture) {
    fixture.redis.world().network().lose_next_reply(fixture.redis.client_host(),
                                                    fixture.redis.host("redis"));
    fixture.on["release"] = [left = 1](const Words&) mutable {
        return answer(resp::integer(left--));
    };
}

TEST_F(RedisLocksTest, AReleaseWhoseReplyWasLostIsKnownToBeDoneWhileItCannotHaveLapsed) {
    with_driver("", [&](Driver& driver, Runtime& runtime) {
        const Lease lease{"foo", "owner", 1, runtime.after(20s).at()};
        lose_the_reply_of_the_release(*this);
        EXPECT_TRUE(driver.locks()->release(lease, runtime.after(15s)));
    });
    EXPECT_EQ(scripts_run.size(), 2U);
}

TEST_F(RedisLocksTest, AReleaseWhoseReplyWasLostIsUnknownOnceItMayHaveLapsed) {
    with_driver("", [&](Driver& driver, Runtime& runtime) {
        const Lease lease{"foo", "owner", 1, runtime.after(10ms).at()};
        lose_the_reply_of_the_release(*this);
        try {
            driver.locks()->release(lease, runtime.after(15s));
            FAIL() << "expected Error";
        } catch (const Error& error) {
            EXPECT_EQ(error.effect(), Effect::unknown);
            EXPECT_THAT(error.what(), HasSubstr("'foo' is free: by an earlier attempt"));
        }
    });
    EXPECT_EQ(scripts_run.size(), 2U);
}

TEST_F(RedisLocksTest, BreakingIsNeverRepeated) {
    with_driver("", [&](Driver& driver, Runtime& runtime) {
        EXPECT_TRUE(driver.locks()->break_lock("foo", runtime.after(5s)));
        redis.world().network().lose_next_reply(redis.client_host(), redis.host("redis"));
        try {
            driver.locks()->break_lock("foo", runtime.after(5s));
            FAIL() << "expected ConnectionError";
        } catch (const ConnectionError& error) {
            EXPECT_EQ(error.effect(), Effect::unknown);
        }
    });
}

TEST_F(RedisLocksTest, TheOwnerIsWhoeverTheKeyNames) {
    on["GET"] = [](const Words&) { return answer(resp::bulk("owner")); };
    with_driver("", [&](Driver& driver, Runtime& runtime) {
        EXPECT_TRUE(driver.locks()->is_owner({"foo", "owner", 1, {}}, runtime.after(5s)));
        EXPECT_FALSE(driver.locks()->is_owner({"foo", "other", 1, {}}, runtime.after(5s)));
        on["GET"] = [](const Words&) { return answer(resp::null()); };
        EXPECT_FALSE(driver.locks()->is_owner({"foo", "owner", 1, {}}, runtime.after(5s)));
    });
}

TEST_F(RedisLocksTest, AReplyOfTheWrongTypeIsNamed) {
    on["acquire"] = [](const Words&) { return answer(resp::bulk("seven")); };
    with_driver("", [](Driver& driver, Runtime& runtime) {
        try {
            driver.locks()->try_acquire("foo", "owner", runtime.after(5s));
            FAIL() << "expected Error";
        } catch (const Error& error) {
            EXPECT_EQ(error.effect(), Effect::unknown);
            EXPECT_THAT(error.what(), HasSubstr("wrong reply to script acquire: bulk string "
                                                "\"seven\", expected an integer"));
        }
    });
}

TEST_F(RedisLocksTest, OwnersAreDistinctAndLikeToozsTokens) {
    with_driver("", [](Driver& driver, Runtime&) {
        const std::string owner = driver.locks()->new_owner();
        EXPECT_EQ(owner.size(), 32U);
        EXPECT_EQ(owner.find_first_not_of("0123456789abcdef"), std::string::npos);
        EXPECT_NE(owner, driver.locks()->new_owner());
    });
}

TEST_F(RedisLocksTest, AnAcquisitionThatTooFewReplicasHaveIsGivenUp) {
    std::int64_t replicas = 2;
    on["WAIT"] = [&](const Words&) { return answer(resp::integer(replicas)); };
    with_driver("?wait_replicas=2", [&](Driver& driver, Runtime& runtime) {
        EXPECT_TRUE(driver.locks()->try_acquire("foo", "owner", runtime.after(5s)));
        replicas = 1;
        try {
            driver.locks()->try_acquire("bar", "owner", runtime.after(5s));
            FAIL() << "expected Error";
        } catch (const Error& error) {
            EXPECT_STREQ(error.what(),
                         "redis: 1 replicas (wait_replicas=2 are wanted) acknowledged lock 'bar'; "
                         "it was given up again");
            EXPECT_EQ(error.effect(), Effect::none);
        }
    });
    EXPECT_EQ(scripts_run.back(), (Words{"release", "_tooz_bar_lock", "owner"}));
}

TEST_F(RedisLocksTest, AnAcquisitionThatCannotBeGivenUpHasAnUnknownEffect) {
    on["WAIT"] = [](const Words&) { return answer(resp::integer(0)); };
    on["release"] = [](const Words&) { return answer(resp::error("ERR no")); };
    with_driver("?wait_replicas=1", [&](Driver& driver, Runtime& runtime) {
        try {
            driver.locks()->try_acquire("foo", "owner", runtime.after(5s));
            FAIL() << "expected Error";
        } catch (const Error& error) {
            EXPECT_THAT(error.what(), HasSubstr("giving it up again failed"));
            EXPECT_EQ(error.effect(), Effect::unknown);
        }
    });
}

TEST_F(RedisLocksTest, ARenewalThatTooFewReplicasHaveExtendsNoBelief) {
    std::int64_t replicas = 1;
    on["WAIT"] = [&](const Words&) { return answer(resp::integer(replicas)); };
    with_driver("?wait_replicas=1", [&](Driver& driver, Runtime& runtime) {
        auto lease = driver.locks()->try_acquire("foo", "owner", runtime.after(5s));
        ASSERT_TRUE(lease);
        sleep_for(runtime, 1s);
        const TimePoint acquired = lease->belief_until;
        ASSERT_TRUE(driver.locks()->renew(*lease, runtime.after(5s)));
        const TimePoint renewed = lease->belief_until;
        EXPECT_GE(renewed, acquired + 1s);
        replicas = 0;
        sleep_for(runtime, 1s);
        try {
            driver.locks()->renew(*lease, runtime.after(5s));
            FAIL() << "expected Error";
        } catch (const Error& error) {
            EXPECT_THAT(error.what(), HasSubstr("0 replicas (wait_replicas=1 are wanted) "
                                                "acknowledged the renewal of lock 'foo'"));
            EXPECT_EQ(error.effect(), Effect::unknown);
        }
        EXPECT_EQ(lease->belief_until, renewed);
    });
    for (const Words& script : scripts_run) EXPECT_NE(script[0], "release");
}

TEST_F(RedisLocksTest, WaitingLeavesTimeToGiveUpBeforeTheDeadline) {
    std::string patience;
    on["WAIT"] = [&](const Words& words) {
        patience = words[2];
        return answer(resp::integer(1));
    };
    with_driver("?wait_replicas=1", [&](Driver& driver, Runtime& runtime) {
        ASSERT_TRUE(driver.locks()->try_acquire("foo", "owner", runtime.after(2s)));
        EXPECT_GT(std::stoi(patience), 900);
        EXPECT_LE(std::stoi(patience), 1000);
        ASSERT_TRUE(driver.locks()->try_acquire("foo", "owner", runtime.after(1h)));
        EXPECT_LE(std::stoi(patience), 3750) << "half of the reply time-out, a quarter of the ttl";
    });
}

TEST_F(RedisLocksTest, WaitingOnAnotherConnectionIsRefused) {
    on["acquire"] = [](const Words&) { return Reaction{":1\r\n", true}; };
    with_driver("?wait_replicas=1", [&](Driver& driver, Runtime& runtime) {
        try {
            driver.locks()->try_acquire("foo", "owner", runtime.after(5s));
            FAIL() << "expected ConnectionError";
        } catch (const ConnectionError& error) {
            EXPECT_EQ(error.effect(), Effect::unknown);
        }
    });
    for (const std::string& command : redis.commands("redis"))
        EXPECT_FALSE(command.starts_with("WAIT")) << command;
}

}  // namespace
}  // namespace conclave
