// One operation, every kind of completion token.

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <memory>

#include "file_clients.hpp"

namespace conclave {
namespace {

using AsyncTokens = FileClients;

TEST_F(AsyncTokens, ACallback) {
    Client me = client("me");
    std::optional<HeldLock> held;
    async_acquire_for(me.mutex("L"), 1s,
                      asio::bind_executor(context, [&](std::exception_ptr failure,
                                                       std::optional<HeldLock> lock) {
                          EXPECT_EQ(failure, nullptr);
                          EXPECT_TRUE(in_loop());
                          held = std::move(lock);
                      }));
    EXPECT_FALSE(held) << "called before the loop ran";
    context.run();
    ASSERT_TRUE(held);
    EXPECT_TRUE(held->valid());
    EXPECT_EQ(held->name(), "L");
    EXPECT_EQ(held->token(), 1u);
}

TEST_F(AsyncTokens, ACallbackThatCanOnlyBeMoved) {
    Client me = client("me");
    auto result = std::make_unique<int>(0);
    int& seen = *result;
    async_members(me.group("missing"),
                  asio::bind_executor(context, [result = std::move(result)](
                                                   std::exception_ptr failure,
                                                   const std::set<MemberId>& members) {
                      EXPECT_TRUE(members.empty());
                      *result = static_cast<int>(code_of(failure));
                      EXPECT_EQ(*result, static_cast<int>(ErrorCode::group_not_created));
                  }));
    EXPECT_EQ(seen, 0);
    EXPECT_EQ(context.run(), 1u);
}

TEST_F(AsyncTokens, AFuture) {
    Client me = client("me");
    std::future<HeldLock> future = async_acquire(me.mutex("L"), asio::use_future);
    HeldLock held = future.get();
    EXPECT_TRUE(held.valid());
    EXPECT_TRUE(async_release(std::move(held), asio::use_future).get());
    EXPECT_THROW(async_members(me.group("missing"), asio::use_future).get(), GroupNotCreated);
    async_create(me.group("new"), asio::use_future).get();
    EXPECT_TRUE(async_members(me.group("new"), asio::use_future).get().empty());
}

TEST_F(AsyncTokens, ACoroutine) {
    Client me = client("me");
    run([](Client& client) -> asio::awaitable<void> {
        HeldLock held = co_await async_acquire(client.mutex("L"), asio::use_awaitable);
        EXPECT_TRUE(held.valid());
        EXPECT_FALSE(
            co_await async_acquire_for(client.mutex("L"), 0s, asio::use_awaitable));
        EXPECT_TRUE(co_await async_release(std::move(held), asio::use_awaitable));
        EXPECT_TRUE(co_await async_acquire_for(client.mutex("L"), 0s, asio::use_awaitable));
    }(me));
}

TEST_F(AsyncTokens, ACoroutineCatchesTheErrorItself) {
    Client me = client("me");
    EXPECT_THROW(run([](Client& client) -> asio::awaitable<void> {
                     co_await async_remove(client.group("missing"), asio::use_awaitable);
                 }(me)),
                 GroupNotCreated);
}

TEST_F(AsyncTokens, ATuple) {
    Client me = client("me");
    run([](Client& client) -> asio::awaitable<void> {
        auto [failure, members] = co_await async_members(client.group("missing"),
                                                         asio::as_tuple(asio::use_awaitable));
        EXPECT_EQ(code_of(failure), ErrorCode::group_not_created);
        EXPECT_EQ(effect_of(failure), Effect::none);
        EXPECT_TRUE(members.empty());
    }(me));
}

TEST_F(AsyncTokens, WhatIsDeferredBeginsWhenItIsCalled) {
    Client me = client("me");
    auto acquire = async_acquire_for(me.mutex("L"), 1s, asio::deferred);
    EXPECT_TRUE(me.mutex("L").acquire_for(0s)) << "the deferred one has begun";
    std::optional<HeldLock> held = std::move(acquire)(asio::use_future).get();
    ASSERT_TRUE(held);
    EXPECT_TRUE(held->valid());
}

TEST_F(AsyncTokens, AReleaseThatIsDeferredAndForgottenStillReleases) {
    Client me = client("me");
    HeldLock held = me.mutex("L").acquire();
    { auto forgotten = async_release(std::move(held), asio::deferred); }
    EXPECT_TRUE(me.mutex("L").acquire_for(5s));
}

TEST_F(AsyncTokens, AReleaseThatNobodyWaitsFor) {
    Client me = client("me");
    async_release(me.mutex("L").acquire(), asio::detached);
    EXPECT_TRUE(me.mutex("L").acquire_for(5s));
}

}  // namespace
}  // namespace conclave
