// Where handlers run.

#include <atomic>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>

#include "file_clients.hpp"

namespace conclave {
namespace {

using AsyncExecutors = FileClients;

TEST_F(AsyncExecutors, AStrandIsRespected) {
    Client me = client("me");
    asio::thread_pool pool(4);
    auto strand = asio::make_strand(pool);
    int calls = 0;  // no atomic: the strand is the protection
    for (int i = 0; i < 100; ++i)
        async_groups(me, asio::bind_executor(
                             strand, [&](std::exception_ptr failure, std::vector<GroupId>) {
                                 EXPECT_EQ(failure, nullptr);
                                 EXPECT_TRUE(strand.running_in_this_thread());
                                 ++calls;
                             }));
    pool.join();
    EXPECT_EQ(calls, 100);
}

TEST_F(AsyncExecutors, AThreadPoolIsKeptBusyUntilTheHandlersRan) {
    Client me = client("me");
    asio::thread_pool pool(2);
    std::atomic<int> calls = 0;
    for (int i = 0; i < 100; ++i)
        async_groups(me,
                     asio::bind_executor(pool, [&](std::exception_ptr, std::vector<GroupId>) {
                         EXPECT_TRUE(pool.get_executor().running_in_this_thread());
                         ++calls;
                     }));
    pool.join();  // outstanding operations are work
    EXPECT_EQ(calls, 100);
}

TEST_F(AsyncExecutors, ACoroutineGoesOnWhereItWas) {
    Client me = client("me");
    asio::thread_pool pool(2);
    auto strand = asio::make_strand(pool);
    auto done = asio::co_spawn(
        strand,
        [&]() -> asio::awaitable<void> {
            for (int i = 0; i < 20; ++i) {
                auto held = co_await async_acquire(me.mutex("L"), asio::use_awaitable);
                EXPECT_TRUE(strand.running_in_this_thread());
                co_await async_release(std::move(held), asio::use_awaitable);
                EXPECT_TRUE(strand.running_in_this_thread());
            }
        },
        asio::use_future);
    done.get();
    pool.join();  // its destructor alone would not wait
}

TEST_F(AsyncExecutors, TwoCoroutinesOfOneClientAreTwoOwners) {
    Client me = client("me");
    asio::thread_pool pool(4);
    std::atomic<int> inside = 0;
    std::atomic<int> rounds = 0;
    const auto worker = [&]() -> asio::awaitable<void> {
        for (int i = 0; i < 10; ++i) {
            auto held = co_await async_acquire(me.mutex("L"), asio::use_awaitable);
            EXPECT_EQ(++inside, 1);
            ++rounds;
            --inside;
            co_await async_release(std::move(held), asio::use_awaitable);
        }
    };
    for (int i = 0; i < 4; ++i)
        asio::co_spawn(pool, worker(), [](std::exception_ptr how) { EXPECT_EQ(how, nullptr); });
    pool.join();
    EXPECT_EQ(rounds, 40);
}

TEST_F(AsyncExecutors, AHandlerMayCallTheBlockingFace) {
    Client me = client("me");
    bool released = false;
    async_acquire(me.mutex("L"),
                  asio::bind_executor(context, [&](std::exception_ptr, HeldLock held) {
                      released = held.release();
                      EXPECT_TRUE(me.mutex("L").acquire_for(0s));
                  }));
    context.run();
    EXPECT_TRUE(released);
}

}  // namespace
}  // namespace conclave
