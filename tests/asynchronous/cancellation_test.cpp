// Cancelling one operation: before, while and after it waits, and with an exchange under way.

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>

#include "fake_clients.hpp"

namespace conclave {
namespace {

using testing::Fault;
using AsyncCancellation = FakeClients;
using Locked = Outcome<std::optional<HeldLock>>;

TEST_F(AsyncCancellation, BeforeItBeganHasNoEffect) {
    Locked locked;
    on_loop([&] {  // the loop is busy here: nothing begins meanwhile
        async_acquire_for(me->mutex("L"), 10s, into(locked));
        cancel();
    });
    context.run();
    EXPECT_EQ(locked.times, 1);
    EXPECT_EQ(code_of(locked.failure), ErrorCode::cancelled);
    EXPECT_EQ(effect_of(locked.failure), Effect::none);
    EXPECT_EQ(backend.grants, 0u);
}

TEST_F(AsyncCancellation, WhileItWaitsForAnother) {
    const HeldLock held = other->mutex("L").acquire();
    for (auto type : {asio::cancellation_type::terminal, asio::cancellation_type::partial,
                      asio::cancellation_type::total}) {
        Outcome<HeldLock> waiting;
        async_acquire(me->mutex("L"), into(waiting));
        let_it_begin();
        EXPECT_EQ(context.poll(), 0u);
        cancel(type);
        context.run();
        context.restart();
        EXPECT_EQ(waiting.times, 1);
        EXPECT_EQ(code_of(waiting.failure), ErrorCode::cancelled);
        EXPECT_EQ(effect_of(waiting.failure), Effect::none);
        EXPECT_FALSE(waiting.value.valid());
    }
    EXPECT_TRUE(held.valid());
}

TEST_F(AsyncCancellation, TheLimitOfAWaitIsNone) {
    const HeldLock held = other->mutex("L").acquire();
    Locked locked;
    async_acquire_for(me->mutex("L"), 30ms, into(locked));
    context.run();
    EXPECT_EQ(locked.times, 1);
    EXPECT_EQ(locked.failure, nullptr);
    EXPECT_FALSE(locked.value);
    EXPECT_TRUE(held.valid());
}

TEST_F(AsyncCancellation, WhatTheExchangeUnderWayTookIsGivenBackFirst) {
    on_loop([&] { my_link.latency = 20ms; });
    Locked locked;
    async_acquire_for(me->mutex("L"), 10s, into(locked));
    let_it_begin();
    cancel();
    context.run();
    EXPECT_EQ(code_of(locked.failure), ErrorCode::cancelled);
    EXPECT_EQ(effect_of(locked.failure), Effect::none);
    EXPECT_FALSE(locked.value);
    EXPECT_EQ(backend.grants, 1u) << "the exchange was not under way";
    EXPECT_FALSE(is_locked("L"));
}

TEST_F(AsyncCancellation, WhatALostReplyTookIsGivenBackFirst) {
    on_loop([&] {
        my_link.next_fault = Fault::lost_reply;
        my_link.every_fault = Fault::unreachable;
    });
    Locked locked;
    async_acquire_for(me->mutex("L"), 10s, into(locked));
    on_loop([&] {
        EXPECT_TRUE(my_link.alive(backend.locks, "L"));
        my_link.every_fault = Fault::none;
        cancel();
    });
    context.run();
    EXPECT_EQ(code_of(locked.failure), ErrorCode::cancelled);
    EXPECT_EQ(effect_of(locked.failure), Effect::none);
    EXPECT_FALSE(is_locked("L"));
}

TEST_F(AsyncCancellation, WhatCannotBeGivenBackIsAnUnknownEffect) {
    on_loop([&] {
        my_link.latency = 20ms;
        my_link.next_fault = Fault::lost_reply;
        my_link.every_fault = Fault::unreachable;
    });
    Locked locked;
    async_acquire_for(me->mutex("L"), 10s, into(locked));
    let_it_begin();
    cancel();
    context.run();
    EXPECT_EQ(code_of(locked.failure), ErrorCode::cancelled);
    EXPECT_EQ(effect_of(locked.failure), Effect::unknown);
}

TEST_F(AsyncCancellation, AfterItEndedChangesNothing) {
    Locked locked;
    async_acquire_for(me->mutex("L"), 10s, into(locked));
    let_it_begin();  // it has the lock; the handler has not run
    cancel();
    context.run();
    cancel();
    EXPECT_EQ(locked.times, 1);
    ASSERT_TRUE(locked.value);
    EXPECT_TRUE(locked.value->valid());
    EXPECT_TRUE(is_locked("L"));
}

TEST_F(AsyncCancellation, OfACampaign) {
    const auto leads = other->election("g").campaign_for(1s);
    Outcome<Leadership> campaign;
    async_campaign(me->election("g"), into(campaign));
    let_it_begin();
    cancel();
    context.run();
    EXPECT_EQ(code_of(campaign.failure), ErrorCode::cancelled);
    EXPECT_TRUE(leads->valid());
}

TEST_F(AsyncCancellation, OfAWaitForTheNextEventLosesNone) {
    me->group("g").create();
    const GroupWatch watch = me->group("g").watch();
    using Next = Outcome<std::optional<GroupEvent>>;
    Next snapshot, cancelled, joined;
    async_next(watch, 10s, into(snapshot));
    context.run();
    context.restart();
    EXPECT_EQ(snapshot.value->kind, GroupEvent::Kind::snapshot);
    async_next(watch, 10s, into(cancelled));
    let_it_begin();
    cancel();
    context.run();
    context.restart();
    EXPECT_EQ(code_of(cancelled.failure), ErrorCode::cancelled);
    const Membership member = other->group("g").join();
    async_next(watch, 10s, into(joined));
    context.run();
    EXPECT_EQ(joined.value->member, MemberId("other"));
}

TEST_F(AsyncCancellation, OfAWaitForALoss) {
    HeldLock held = me->mutex("L").acquire();
    Outcome<bool> lost;
    async_wait_lost(held.validity(), 10s, into(lost));
    let_it_begin();
    cancel();
    context.run();
    EXPECT_EQ(code_of(lost.failure), ErrorCode::cancelled);
    EXPECT_TRUE(held.valid());
}

TEST_F(AsyncCancellation, ATimerThatIsFirstCancelsTheAcquisition) {
    using namespace asio::experimental::awaitable_operators;
    const HeldLock held = other->mutex("L").acquire();
    bool timer_was_first = false;
    asio::co_spawn(
        context,
        [&]() -> asio::awaitable<void> {
            asio::steady_timer timer(context, 10ms);
            auto result = co_await (async_acquire(me->mutex("L"), asio::use_awaitable) ||
                                    timer.async_wait(asio::use_awaitable));
            timer_was_first = result.index() == 1;
        },
        [](std::exception_ptr how) { EXPECT_EQ(how, nullptr); });
    context.run();
    EXPECT_TRUE(timer_was_first);
    EXPECT_TRUE(held.valid());
}

}  // namespace
}  // namespace conclave
