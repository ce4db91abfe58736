// An application's way in, against a simulated Redis served on a real loopback port.

#include "conclave/connect.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conclave/error.hpp"
#include "served_redis.hpp"

namespace conclave {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

TEST(Connect, LocksOfTwoCoordinatorsExcludeEachOther) {
    ServedRedis redis;
    const auto first = get_coordinator(redis.url(), "member-1");
    const auto second = get_coordinator(redis.url(), "member-2");
    first->start();
    second->start();
    const auto held = first->get_lock("billing");
    const auto wanted = second->get_lock("billing");
    ASSERT_TRUE(held->acquire(false));
    EXPECT_FALSE(wanted->acquire(false));
    EXPECT_TRUE(held->release());
    EXPECT_TRUE(wanted->acquire(false));
    EXPECT_TRUE(wanted->release());
}

TEST(Connect, TheLastOwnerStopsTheCoordinator) {
    ServedRedis redis;
    const auto observer = get_coordinator(redis.url(), "observer");
    observer->start();
    {
        const auto leaver = get_coordinator(redis.url(), "leaver");
        leaver->start(true);
        leaver->join_group_create("workers").get();
        EXPECT_THAT(observer->get_members("workers").get(), ElementsAre("leaver"));
    }
    EXPECT_TRUE(observer->get_members("workers").get().empty());
}

TEST(Connect, AnUnreachableServerFailsTheStartAndNotTheConnect) {
    std::string url;
    { url = ServedRedis().url(); }
    const auto coordinator =
        get_coordinator(url, "member-1", {.times = {.operation = 200ms}});
    EXPECT_THROW(coordinator->start(), Error);
    EXPECT_FALSE(coordinator->is_started());
}

TEST(Connect, OptionsInCodeWinOverTheUrl) {
    const std::string url = "redis://127.0.0.1?lock_timeout=never";
    EXPECT_NO_THROW(get_coordinator(url, "member-1", {.driver = {{"lock_timeout", "5"}}}));
    EXPECT_THAT([&] { get_coordinator(url, "member-1"); },
                ThrowsMessage<BadOption>(HasSubstr("lock_timeout")));
}

TEST(Connect, TheTtlGivenInCodeWinsOverEveryTimeoutOfTheUrl) {
    ServedRedis redis;
    const std::string query = "?timeout=50&lock_timeout=60&membership_timeout=60";
    Client client = connect(redis.url() + query, {.ttl = 1501ms});
    const HeldLock held = client.mutex("L").acquire();
    EXPECT_LT(held.safe_for(), 1501ms);
    EXPECT_GT(client.mutex("L").holder()->left, 500ms);
    const Membership member = client.group("g").join();
    EXPECT_LT(member.safe_for(), 1501ms);
}

TEST(Connect, ADriversOptionWinsOverTheTtl) {
    ServedRedis redis;
    Client client = connect(redis.url() + "?lock_timeout=60",
                            {.ttl = 2s, .driver = {{"lock_timeout", "30"}}});
    const HeldLock held = client.mutex("L").acquire();
    EXPECT_GT(held.safe_for(), 10s);
    EXPECT_LT(client.group("g").join().safe_for(), 2s);
}

TEST(Connect, ATtlOfLessThanAMillisecondIsRefused) {
    EXPECT_THAT([] { (void)connect("file:///nowhere?timeout=60", {.ttl = 999us}); },
                ThrowsMessage<BadOption>(HasSubstr("timeout=0.000: expected seconds, 0.001")));
}

TEST(Connect, AFailureIsAValueWithItsEffectAndItsCauses) {
    std::string url;
    { url = ServedRedis().url(); }
    const Result<Client> refused = try_connect(url, {.times = {.operation = 2s}});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.failure().code, ErrorCode::connection);
    EXPECT_EQ(refused.failure().effect, Effect::none);
    try {
        std::rethrow_exception(refused.failure().cause);
    } catch (const Error& error) {
        EXPECT_THROW(std::rethrow_if_nested(error), ConnectionError) << "the attempt before";
    }
    const Result<Client> unknown = try_connect("carrier-pigeon://loft");
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.failure().code, ErrorCode::bad_option);
    EXPECT_EQ(unknown.failure().effect, Effect::none);
    ServedRedis redis;
    EXPECT_TRUE(try_connect(redis.url()).value().groups().empty());
}

TEST(Connect, AnUnknownSchemeNamesTheKnownOnes) {
    EXPECT_THAT([] { get_coordinator("carrier-pigeon://loft", "member-1"); },
                ThrowsMessage<BadOption>(AllOf(HasSubstr("carrier-pigeon"), HasSubstr("rediss"))));
}

TEST(Connect, AMissingCharacteristicIsNamedBesideTheRequestedAndTheAvailable) {
    const GetCoordinatorOptions options{
        .characteristics = {Characteristic::causal, Characteristic::non_timeout_based}};
    EXPECT_THAT([&] { get_coordinator("redis://127.0.0.1", "member-1", options); },
                ThrowsMessage<DriverChosenPoorly>(
                    "the driver lacks non_timeout_based (requested non_timeout_based, causal; "
                    "available distributed_across_threads, distributed_across_processes, "
                    "distributed_across_hosts, linearizable, sequential, causal, serializable, "
                    "same_view_under_partitions, same_view_across_clients, "
                    "exclusive_by_belief, fencing, membership_accuracy)"));
}

TEST(Connect, WhatTheConfigurationClaimsMayBeRequested) {
    const GetCoordinatorOptions options{.characteristics = {Characteristic::causal}};
    EXPECT_NO_THROW(get_coordinator("redis://127.0.0.1", "member-1", options));
    EXPECT_THROW(get_coordinator("redis://127.0.0.1?sentinel=primary", "member-1", options),
                 DriverChosenPoorly);
}

}  // namespace
}  // namespace conclave
