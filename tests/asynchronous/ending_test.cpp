// What becomes of pending operations when their client ends, and how many threads they cost.

#include <atomic>
#include <boost/asio/bind_executor.hpp>
#include <filesystem>
#include <optional>

#include "fake_clients.hpp"

namespace conclave {
namespace {

using AsyncEnding = FileClients;
using AsyncEndingInMemory = FakeClients;

int threads_of_this_process() {
    int threads = 0;
    for ([[maybe_unused]] const auto& entry :
         std::filesystem::directory_iterator("/proc/self/task"))
        ++threads;
    return threads;
}

/// Expects Cancelled, and counts.
auto cancelled_into(asio::io_context& context, int& count) {
    return asio::bind_executor(context, [&count](std::exception_ptr failure, const auto&...) {
        EXPECT_EQ(code_of(failure), ErrorCode::cancelled);
        ++count;
    });
}

TEST_F(AsyncEnding, StopCompletesWhatIsPending) {
    Client other = client("other");
    Client me = client("me");
    const HeldLock held = other.mutex("L").acquire();
    const auto leads = other.election("g").campaign_for(1s);
    int ended = 0;
    async_acquire(me.mutex("L"), cancelled_into(context, ended));
    async_acquire_for(me.mutex("L"), 60s, cancelled_into(context, ended));
    async_campaign(me.election("g"), cancelled_into(context, ended));
    async_groups(me, asio::use_future).get();
    EXPECT_TRUE(me.stop().still_running.empty());
    context.run();
    EXPECT_EQ(ended, 3);
}

TEST_F(AsyncEnding, TheLastCopyOfAClientEndsWhatIsPending) {
    Client other = client("other");
    const HeldLock held = other.mutex("L").acquire();
    std::optional<Client> me = client("me");
    int ended = 0;
    async_acquire(me->mutex("L"), cancelled_into(context, ended));
    async_groups(*me, asio::use_future).get();
    async_acquire(me->mutex("L"), cancelled_into(context, ended));
    me.reset();
    EXPECT_EQ(context.poll(), 2u) << "they ended after the client did";
    EXPECT_EQ(ended, 2);
}

TEST_F(AsyncEnding, AStoppedClientRefuses) {
    Client me = client("me");
    me.stop();
    int ended = 0;
    async_acquire(me.mutex("L"), cancelled_into(context, ended));
    async_members(me.group("g"), cancelled_into(context, ended));
    async_stop(me, 1s, asio::use_future).get();
    context.run();
    EXPECT_EQ(ended, 2);
}

TEST_F(AsyncEnding, AHoldIsGivenUpWhileTheClientWaitsForIt) {
    Client me = client("me");
    Client other = client("other");
    run([](Client& client) -> asio::awaitable<void> {
        HeldLock held = co_await async_acquire(client.mutex("L"), asio::use_awaitable);
        auto stopping = async_stop(client, 60s, asio::use_future);
        EXPECT_TRUE(
            co_await async_wait_lost(held.validity(), 60s, asio::use_awaitable));
        co_await async_release(std::move(held), asio::use_awaitable);
        EXPECT_TRUE(stopping.get().still_running.empty());
    }(me));
    EXPECT_TRUE(other.mutex("L").acquire_for(0s));
}

TEST_F(AsyncEnding, EventsThatWereNotReadCanBeReadAfterTheStop) {
    Client me = client("me");
    me.group("g").create();
    const GroupWatch watch = me.group("g").watch();
    me.stop();
    EXPECT_EQ(async_next(watch, 60s, asio::use_future).get()->kind,
              GroupEvent::Kind::snapshot);
    EXPECT_FALSE(async_next(watch, 60s, asio::use_future).get());
}

TEST_F(AsyncEnding, AWatchThatIsGoneEndsItsWait) {
    Client me = client("me");
    me.group("g").create();
    std::optional<GroupWatch> watch = me.group("g").watch();
    watch->next(5s);
    auto next = async_next(*watch, 60s, asio::use_future);
    watch.reset();
    EXPECT_FALSE(next.get());
}

TEST_F(AsyncEnding, AThousandOperationsNeedNoThread) {
    Client other = client("other");
    const HeldLock held = other.mutex("L").acquire();
    Client me = connect("file://" + folder.path(), {.member_id = "me", .times = {.poll = 60s}});
    async_groups(me, asio::use_future).get();  // starts what is started once
    const int before = threads_of_this_process();
    int ended = 0;
    for (int i = 0; i < 1000; ++i)
        async_acquire(me.mutex("L"), cancelled_into(context, ended));
    async_groups(me, asio::use_future).get();  // behind all of them
    EXPECT_EQ(threads_of_this_process(), before);
    EXPECT_EQ(context.poll(), 0u);
    me.stop();
    context.run();
    EXPECT_EQ(ended, 1000);
}

TEST_F(AsyncEndingInMemory, AnExchangeWithoutAnAnswerEndsWithTheStopsLimit) {
    on_loop([&] { my_link.every_fault = testing::Fault::stuck; });
    int ended = 0;
    async_members(me->group("g"), cancelled_into(context, ended));
    let_it_begin();
    me->stop(10ms);
    context.run();
    EXPECT_EQ(ended, 1);
}

TEST_F(AsyncEndingInMemory, WhatMayRunAfterAStopIsNotRefusedByOneThatComesFirst) {
    Outcome<bool> lost;
    Outcome<bool> released;
    HeldLock held = me->mutex("L").acquire();
    std::future<StopReport> stopping;
    on_loop([&] {  // all three are behind this, in this order
        stopping = async_stop(*me, 60s, asio::use_future);
        async_wait_lost(held.validity(), 60s, into(lost));
        async_release(std::move(held), into(released));
    });
    EXPECT_TRUE(stopping.get().still_running.empty());
    context.run();
    EXPECT_EQ(lost.times, 1);
    EXPECT_FALSE(lost.failure);
    EXPECT_TRUE(lost.value);
    EXPECT_EQ(released.times, 1);
    EXPECT_FALSE(released.failure);
    EXPECT_TRUE(other->mutex("L").acquire_for(0s));
}

TEST_F(AsyncEndingInMemory, AnOperationThatIsDroppedStillSaysSo) {
    int ended = 0;
    auto handler = cancelled_into(context, ended);
    using Operation = detail::HandlerOperation<bool, decltype(handler)>;
    {
        const Operation dropped(handler, [](auto&, auto&) { return true; }, nullptr);
        EXPECT_EQ(context.poll(), 0u);
        context.restart();
    }
    context.run();
    EXPECT_EQ(ended, 1);
}

TEST_F(AsyncEndingInMemory, AnOperationOfALoopThatEndsIsToldSo) {
    std::optional<Client> late;
    int ended = 0;
    {
        AsioRuntime short_lived;
        testing::FakeBackend own;
        testing::FakeLink link{short_lived.runtime(), own, "late"};
        late = Client::start(short_lived.gate(), std::make_unique<testing::FakeDriver>(link),
                             "late");
        late->stop();
        async_groups(*late, cancelled_into(context, ended));
        late.reset();
    }
    context.run();
    EXPECT_EQ(ended, 1);
}

}  // namespace
}  // namespace conclave
