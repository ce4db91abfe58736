// Memberships and watches as handles.

#include <deque>

#include "client_fixture.hpp"

namespace conclave {
namespace {

using namespace testing;
using Kind = GroupEvent::Kind;

struct MembershipTest : ClientTest {
    std::optional<Membership> mine;

    void join(Client& client) {
        on_fiber([&] { mine.emplace(client.group("g").join("here")); });
    }
    void TearDown() override {
        on_fiber([&] { mine.reset(); });
        ClientTest::TearDown();
    }
};

TEST_F(MembershipTest, JoiningCreatesTheGroupAndListsTheMember) {
    join(*a);
    on_fiber([&] {
        EXPECT_EQ(b->group("g").members(), std::set<MemberId>{"a"});
        EXPECT_EQ(b->group("g").capabilities("a"), Value("here"));
        mine->update("there");
        EXPECT_EQ(b->group("g").members_with_capabilities().at("a"), Value("there"));
        EXPECT_EQ(b->groups(), std::vector<GroupId>{"g"});
        EXPECT_TRUE(mine->leave());
        EXPECT_TRUE(b->group("g").members().empty());
        b->group("g").remove();
        EXPECT_EQ(b->group("g").try_members().failure().code, ErrorCode::group_not_created);
    });
}

TEST_F(MembershipTest, TheDestructorLeaves) {
    join(*a);
    on_fiber([&] { mine.reset(); });
    on_fiber([&] { EXPECT_TRUE(b->group("g").members().empty()); });
}

TEST_F(MembershipTest, IsValidWhileItsBeatsAreAcknowledged) {
    join(*a);
    scheduler.advance(10 * fake_ttl);
    EXPECT_TRUE(mine->valid());
    a_link.every_fault = Fault::unreachable;
    scheduler.advance(fake_ttl);
    EXPECT_FALSE(mine->valid());
    EXPECT_TRUE(mine->stop_token().stop_requested());
}

TEST_F(MembershipTest, OneThatLapsedIsLeftSoThatItCanBeJoinedAgain) {
    join(*a);
    a_link.every_fault = Fault::stuck;
    scheduler.advance(fake_ttl);
    EXPECT_FALSE(mine->valid());
    a_link.every_fault = Fault::none;
    scheduler.advance(30s);
    join(*a);
    EXPECT_TRUE(mine->valid());
}

TEST_F(MembershipTest, AnEarlierHandleDoesNotEndALaterMembership) {
    join(*a);
    Membership earlier = std::move(*mine);
    mine.reset();
    on_fiber([&] { a->group("g").members(); });
    a_link.every_fault = Fault::stuck;
    scheduler.advance(fake_ttl);
    a_link.every_fault = Fault::none;
    scheduler.advance(30s);
    join(*a);
    on_fiber([&] {
        EXPECT_THROW(earlier.update("changed"), MemberNotJoined);
        EXPECT_EQ(b->group("g").capabilities("a"), Value("here"));
        EXPECT_FALSE(earlier.leave());
    });
    on_fiber([&] { EXPECT_EQ(b->group("g").members(), std::set<MemberId>{"a"}); });
    EXPECT_TRUE(mine->valid());
}

TEST_F(MembershipTest, AWatchBeginsWithASnapshotAndTellsChangesInOrder) {
    join(*a);
    on_fiber([&] {
        GroupWatch watch = b->group("g").watch();
        auto event = watch.next(1s);
        ASSERT_TRUE(event);
        EXPECT_EQ(event->kind, Kind::snapshot);
        EXPECT_EQ(event->members, std::set<MemberId>{"a"});
        EXPECT_EQ(event->revision, 1u);
        EXPECT_FALSE(watch.next(1s));
        Membership joined = b->group("g").join();
        event = watch.next(1s);
        ASSERT_TRUE(event);
        EXPECT_EQ(event->kind, Kind::joined);
        EXPECT_EQ(event->member, MemberId("b"));
        joined.leave();
        event = watch.next(1s);
        ASSERT_TRUE(event);
        EXPECT_EQ(event->kind, Kind::left);
        EXPECT_EQ(event->revision, 3u);
    });
}

TEST_F(MembershipTest, AWatchSaysWhenItMayHaveMissedSomething) {
    join(*a);
    on_fiber([&] {
        GroupWatch watch = b->group("g").watch();
        watch.next(1s);
        b_link.every_fault = Fault::unreachable;
        EXPECT_FALSE(watch.next(1s));
        mine->leave();
        b_link.every_fault = Fault::none;
        const auto event = watch.next(1s);
        ASSERT_TRUE(event);
        EXPECT_EQ(event->kind, Kind::resynced);
        EXPECT_TRUE(event->members.empty());
    });
}

TEST_F(MembershipTest, AnEventSaysWhenTheGroupWasAskedAndNotWhenItIsRead) {
    const auto now = [&] { return gate.runtime().clock.now(); };
    join(*a);
    on_fiber([&] {
        const TimePoint begun = now();
        GroupWatch watch = b->group("g").watch();
        sleep_for(gate.runtime(), 5s);
        EXPECT_EQ(watch.next(0s)->asked, begun);
        const TimePoint left = now();
        mine->leave();
        sleep_for(gate.runtime(), 5s);
        const TimePoint asked = watch.next(0s)->asked;
        EXPECT_GE(asked, left);
        EXPECT_LE(asked, left + 1s);
        b_link.every_fault = Fault::unreachable;
        sleep_for(gate.runtime(), 5s);
        const TimePoint healed = now();
        b_link.every_fault = Fault::none;
        EXPECT_GE(watch.next(5s)->asked, healed);
    });
}

TEST_F(MembershipTest, AWatchOfAMissingGroupIsRefused) {
    on_fiber([&] { EXPECT_THROW(a->group("missing").watch(), GroupNotCreated); });
}

TEST_F(MembershipTest, ACallbackRunsOnItsExecutorOneAtATime) {
    join(*a);
    std::deque<std::function<void()>> tasks;
    std::vector<Kind> seen;
    std::optional<GroupWatch> watch;
    on_fiber([&] {
        watch.emplace(b->group("g").watch(
            [&](std::function<void()> task) { tasks.push_back(std::move(task)); },
            [&](const GroupEvent& event) { seen.push_back(event.kind); }));
        mine->leave();
    });
    scheduler.advance(1s);
    EXPECT_EQ(tasks.size(), 1u) << "the second waits for the first";
    EXPECT_TRUE(seen.empty());
    while (!tasks.empty()) {
        tasks.front()();
        tasks.pop_front();
        scheduler.advance(1s);
    }
    EXPECT_EQ(seen, (std::vector<Kind>{Kind::snapshot, Kind::left}));
    on_fiber([&] { watch.reset(); });
}

TEST_F(MembershipTest, NoCallbackStartsAfterTheClientHasStopped) {
    join(*a);
    std::deque<std::function<void()>> tasks;
    int calls = 0;
    std::optional<GroupWatch> watch;
    on_fiber([&] {
        watch.emplace(b->group("g").watch(
            [&](std::function<void()> task) { tasks.push_back(std::move(task)); },
            [&](const GroupEvent&) { ++calls; }));
    });
    scheduler.advance(1s);
    ASSERT_EQ(tasks.size(), 1u);
    on_fiber([&] { EXPECT_TRUE(b->stop(1s).still_running.empty()); });
    tasks.front()();
    EXPECT_EQ(calls, 0);
    on_fiber([&] { watch.reset(); });
}

TEST_F(MembershipTest, ACallbackMayCallTheClient) {
    join(*a);
    std::set<MemberId> seen;
    std::optional<GroupWatch> watch;
    on_fiber([&] {
        watch.emplace(b->group("g").watch(
            [&](std::function<void()> task) { group.spawn(std::move(task)); },
            [&](const GroupEvent&) { seen = b->group("g").members(); }));
    });
    scheduler.advance(1s);
    EXPECT_EQ(seen, std::set<MemberId>{"a"});
    on_fiber([&] { watch.reset(); });
}

}  // namespace
}  // namespace conclave
