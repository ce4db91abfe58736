// Every operation of the handle face, awaited.

#include <boost/asio/thread_pool.hpp>
#include <future>

#include "file_clients.hpp"

namespace conclave {
namespace {

using Kind = GroupEvent::Kind;
using AsyncOperations = FileClients;

// Outside of the coroutines: g++ 12 cannot have initializer lists within them.
const std::vector<GroupId> a_and_b{"a", "b"};
const std::set<MemberId> only_other{"other"};

TEST_F(AsyncOperations, OfAClient) {
    Client me = client("me");
    run([](Client& client) -> asio::awaitable<void> {
        co_await async_create(client.group("a"), asio::use_awaitable);
        co_await async_create(client.group("b"), asio::use_awaitable);
        const auto groups = co_await async_groups(client, asio::use_awaitable);
        EXPECT_EQ(groups, a_and_b);
        const Remarks remarks = co_await async_examine(client, asio::use_awaitable);
        EXPECT_FALSE(remarks.empty());
        const StopReport report = co_await async_stop(client, 5s, asio::use_awaitable);
        EXPECT_TRUE(report.still_running.empty());
    }(me));
    EXPECT_THROW(me.groups(), Error);
}

TEST_F(AsyncOperations, OfAMutex) {
    Client me = client("me");
    Client other = client("other");
    run([](Client& client, Client& other) -> asio::awaitable<void> {
        HeldLock first = co_await async_acquire(client.mutex("L"), asio::use_awaitable);
        EXPECT_FALSE(co_await async_acquire_for(other.mutex("L"), 0s, asio::use_awaitable));
        EXPECT_FALSE(co_await async_wait_lost(first.validity(), 1ms, asio::use_awaitable));
        const Validity validity = first.validity();
        EXPECT_TRUE(co_await async_release(std::move(first), asio::use_awaitable));
        EXPECT_TRUE(co_await async_wait_lost(validity, 1ms, asio::use_awaitable));
        HeldLock second = co_await async_acquire(other.mutex("L"), asio::use_awaitable);
        EXPECT_EQ(second.token(), 2u);
        EXPECT_FALSE(co_await async_release(HeldLock(), asio::use_awaitable)) << "empty";
    }(me, other));
}

TEST_F(AsyncOperations, OfAMutexThatIsShared) {
    Client me = client("me");
    Client other = client("other");
    run([](Client& client, Client& other) -> asio::awaitable<void> {
        auto first =
            co_await async_acquire_shared_for(client.mutex("L"), 0s, asio::use_awaitable);
        EXPECT_TRUE(
            co_await async_acquire_shared_for(other.mutex("L"), 0s, asio::use_awaitable));
        EXPECT_FALSE(co_await async_acquire_for(other.mutex("L"), 0s, asio::use_awaitable));
        EXPECT_TRUE(co_await async_release(std::move(*first), asio::use_awaitable));
    }(me, other));
}

TEST_F(AsyncOperations, BreakingALockIsWhatTheDriverMakesOfIt) {
    Client me = client("me");
    EXPECT_THROW(async_break_lock(me.mutex("L"), asio::use_future).get(), NotImplemented);
}

TEST_F(AsyncOperations, OfAMutexThatSomebodyHolds) {
    Client me = client("me");
    Client other = client("other");
    run([](Client& client, Client& other) -> asio::awaitable<void> {
        EXPECT_FALSE(co_await async_holder(other.mutex("L"), asio::use_awaitable));
        HeldLock held = co_await async_acquire(client.mutex("L"), asio::use_awaitable);
        const auto holder = co_await async_holder(other.mutex("L"), asio::use_awaitable);
        EXPECT_TRUE(holder);
        EXPECT_EQ(holder->token, held.token());
    }(me, other));
    EXPECT_THROW(async_break_holder(me.mutex("L"), Holder(), asio::use_future).get(),
                 NotImplemented);
}

TEST_F(AsyncOperations, OfAnElection) {
    Client me = client("me");
    Client other = client("other");
    run([](Client& client, Client& other) -> asio::awaitable<void> {
        Leadership leads =
            co_await async_campaign(client.election("g"), asio::use_awaitable);
        EXPECT_EQ(leads.epoch(), 1u);
        const Leader leader = co_await async_leader(other.election("g"), asio::use_awaitable);
        EXPECT_EQ(leader.member_id, "me");
        EXPECT_FALSE(
            co_await async_campaign_for(other.election("g"), 0s, asio::use_awaitable));
        EXPECT_TRUE(co_await async_resign(std::move(leads), asio::use_awaitable));
        EXPECT_TRUE(
            co_await async_campaign_for(other.election("g"), 5s, asio::use_awaitable));
    }(me, other));
}

TEST_F(AsyncOperations, LeadingIsACoroutineThatEndsAfterItsBody) {
    Client me = client("me");
    run([](Client& client) -> asio::awaitable<void> {
        int bodies = 0;
        const auto body = [&](Leadership& leads) -> asio::awaitable<void> {
            EXPECT_TRUE(leads.valid());
            ++bodies;
            co_return;
        };
        EXPECT_EQ(co_await async_lead(client.election("g"), body), LeadEnd::resigned);
        const auto stopper = [&](Leadership& leads) -> asio::awaitable<void> {
            ++bodies;
            co_await async_stop(client, 0s, asio::use_awaitable);
            EXPECT_FALSE(leads.valid());
        };
        EXPECT_EQ(co_await async_lead(client.election("g"), stopper), LeadEnd::stopped);
        EXPECT_EQ(co_await async_lead(client.election("g"), body), LeadEnd::stopped);
        EXPECT_EQ(bodies, 2);
    }(me));
}

TEST_F(AsyncOperations, ABodyThatThrowsResigns) {
    Client me = client("me");
    EXPECT_THROW(
        run([](Client& client) -> asio::awaitable<void> {
            co_await async_lead(client.election("g"), [](Leadership&) -> asio::awaitable<void> {
                throw std::runtime_error("from the body");
                co_return;
            });
        }(me)),
        std::runtime_error);
    EXPECT_TRUE(me.election("g").campaign_for(5s));
}

TEST_F(AsyncOperations, OfAGroup) {
    Client me = client("me");
    Client other = client("other");
    run([](Client& client, Client& other) -> asio::awaitable<void> {
        const Group group = client.group("g");
        co_await async_create(group, asio::use_awaitable);
        GroupWatch watch = co_await async_watch(group, asio::use_awaitable);
        auto event = co_await async_next(watch, 5s, asio::use_awaitable);
        EXPECT_EQ(event->kind, Kind::snapshot);
        Membership joined =
            co_await async_join(other.group("g"), Value("east"), asio::use_awaitable);
        EXPECT_TRUE(joined.valid());
        event = co_await async_next(watch, 5s, asio::use_awaitable);
        EXPECT_EQ(event->kind, Kind::joined);
        EXPECT_EQ(event->member, MemberId("other"));
        EXPECT_EQ(co_await async_members(group, asio::use_awaitable), only_other);
        co_await async_update(joined, Value("west"), asio::use_awaitable);
        EXPECT_EQ(co_await async_capabilities(group, "other", asio::use_awaitable),
                  Value("west"));
        const auto all = co_await async_members_with_capabilities(group, asio::use_awaitable);
        EXPECT_EQ(all.at("other"), Value("west"));
        EXPECT_TRUE(co_await async_leave(std::move(joined), asio::use_awaitable));
        event = co_await async_next(watch, 5s, asio::use_awaitable);
        EXPECT_EQ(event->kind, Kind::left);
        EXPECT_FALSE(co_await async_next(watch, 1ms, asio::use_awaitable));
        co_await async_remove(group, asio::use_awaitable);
    }(me, other));
}

TEST_F(AsyncOperations, AWatchCanBeDeliveredToAnAsioExecutor) {
    asio::thread_pool pool(1);
    Client me = client("me");
    me.group("g").create();
    std::promise<GroupEvent> first;
    const GroupWatch watch =
        me.group("g").watch(posted_to(pool.get_executor()), [&](const GroupEvent& event) {
            EXPECT_TRUE(pool.get_executor().running_in_this_thread());
            first.set_value(event);
        });
    EXPECT_EQ(first.get_future().get().kind, Kind::snapshot);
}

TEST_F(AsyncOperations, TheMemberThatDoesNotExistCannotBeUpdated) {
    EXPECT_THROW(async_update(Membership(), Value(), asio::use_future), MemberNotJoined);
}

}  // namespace
}  // namespace conclave
