// Locks of the seed's face between ordinary threads.

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <vector>

#include "conclave/connect.hpp"
#include "served_redis.hpp"

namespace conclave {
namespace {

using namespace std::chrono_literals;

TEST(ConnectedLocks, OtherThreadsAreExcluded) {
    ServedRedis redis;
    const auto one = get_coordinator(redis.url(), "one");
    const auto two = get_coordinator(redis.url(), "two");
    one->start();
    two->start();
    const auto lock = one->get_lock("lock");
    ASSERT_TRUE(lock->acquire());
    for (const auto& coordinator : {one, two}) {
        auto other = std::async(std::launch::async, [&coordinator] {
            return coordinator->get_lock("lock")->acquire(false);
        });
        EXPECT_FALSE(other.get());
    }
    EXPECT_TRUE(lock->release());
    auto other = std::async(std::launch::async, [&] {
        const auto its = two->get_lock("lock");
        return its->acquire(false) && its->release();
    });
    EXPECT_TRUE(other.get());
}

TEST(ConnectedLocks, OneObjectServesManyThreads) {
    ServedRedis redis;
    const auto one = get_coordinator(redis.url(), "one", {.times = {.poll = 1ms}});
    one->start();
    const auto lock = one->get_lock("lock");
    std::atomic<int> inside = 0;
    std::atomic<int> overlaps = 0;
    std::atomic<bool> over = false;
    auto watching = std::async(std::launch::async, [&] {
        std::uint64_t looks = 0;
        for (; !over; ++looks)
            if (lock->acquired() && lock->token() == 0) ++overlaps;
        return looks;
    });
    std::vector<std::future<int>> threads;
    for (int thread = 0; thread < 4; ++thread)
        threads.push_back(std::async(std::launch::async, [&] {
            int rounds = 0;
            for (; rounds < 25; ++rounds) {
                lock->acquire();
                if (++inside != 1) ++overlaps;
                --inside;
                lock->release();
            }
            return rounds;
        }));
    int total = 0;
    for (auto& thread : threads) total += thread.get();
    over = true;
    EXPECT_EQ(total, 100);
    EXPECT_EQ(overlaps, 0);
    EXPECT_GT(watching.get(), 0u);
    EXPECT_FALSE(lock->acquired());
}

}  // namespace
}  // namespace conclave
