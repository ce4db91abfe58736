// The client in the production world: plain threads, and handles that outlive it.

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <optional>
#include <vector>

#include "conclave/connect.hpp"
#include "served_redis.hpp"

namespace conclave {
namespace {

using namespace std::chrono_literals;

TEST(ConnectedClient, TwoThreadsAreTwoOwners) {
    ServedRedis redis;
    Client client = connect(redis.url(), {.times = {.poll = 1ms}});
    std::atomic<int> inside = 0;
    std::atomic<int> overlaps = 0;
    std::vector<std::future<int>> threads;
    for (int thread = 0; thread < 4; ++thread)
        threads.push_back(std::async(std::launch::async, [&] {
            int rounds = 0;
            for (; rounds < 25; ++rounds) {
                HeldLock held = client.mutex("shared").acquire();
                if (++inside != 1) ++overlaps;
                --inside;
                held.release();
            }
            return rounds;
        }));
    int total = 0;
    for (auto& thread : threads) total += thread.get();
    EXPECT_EQ(total, 100);
    EXPECT_EQ(overlaps, 0);
}

TEST(ConnectedClient, AHandleKeepsTheClientAndGivesUpWithIt) {
    ServedRedis redis;
    Client other = connect(redis.url());
    std::optional<HeldLock> held;
    {
        Client client = connect(redis.url());
        held = client.mutex("L").acquire_for(1s);
    }
    ASSERT_TRUE(held);
    EXPECT_TRUE(held->valid());
    EXPECT_FALSE(other.mutex("L").acquire_for(0s));
    held.reset();
    EXPECT_TRUE(other.mutex("L").acquire_for(5s));
}

TEST(ConnectedClient, StoppingFromAnotherThreadEndsAWait) {
    // The second attempt of the waiter follows its first pause.
    std::atomic<int> about_the_lock = 0;
    ServedRedis redis([&](std::span<const std::string_view> arguments) {
        const auto names_it = [](std::string_view each) { return each.find("wanted") != each.npos; };
        if (std::ranges::none_of(arguments, names_it)) return;
        ++about_the_lock;
        about_the_lock.notify_all();
    });
    Client holder = connect(redis.url());
    Client waiter = connect(redis.url(), {.times = {.poll = 1ms}});
    const HeldLock held = holder.mutex("wanted").acquire();
    const int before = about_the_lock;
    auto wait = std::async(std::launch::async,
                           [&] { EXPECT_THROW(waiter.mutex("wanted").acquire(), Cancelled); });
    for (int seen = about_the_lock; seen < before + 2; seen = about_the_lock)
        about_the_lock.wait(seen);
    waiter.stop();
    wait.get();
}

TEST(ConnectedClient, AValidityCanBeWaitedForByAnyThread) {
    ServedRedis redis;
    Client client = connect(redis.url());
    std::optional<HeldLock> held = client.mutex("L").acquire_for(1s);
    auto lost = std::async(std::launch::async,
                           [validity = held->validity()] { return validity.wait_lost(60s); });
    held->release();
    EXPECT_TRUE(lost.get());
}

TEST(ConnectedClient, WhatTheDriverLacksIsRefused) {
    EXPECT_THROW(connect("redis://127.0.0.1:1", {.require = {Characteristic::non_timeout_based}}),
                 DriverChosenPoorly);
}

TEST(ConnectedClient, AnUnreachableBackendFailsTheConnect) {
    EXPECT_THROW(connect("redis://127.0.0.1:1", {.times = {.operation = 200ms}}), Error);
}

TEST(ConnectedClient, TheTtlIsTheDriversTimeout) {
    ServedRedis redis;
    Client client = connect(redis.url(), {.ttl = 3s});
    const auto held = client.mutex("L").acquire_for(1s);
    EXPECT_GT(held->safe_for(), 1s);
    EXPECT_LT(held->safe_for(), 3s);
}

}  // namespace
}  // namespace conclave
