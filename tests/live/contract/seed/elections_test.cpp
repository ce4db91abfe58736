// Who leads a group.

#include "seed.hpp"

namespace conclave::contract {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

std::string leader_of(Coordinator& coordinator) {
    const Leader leader = coordinator.get_leader("group").get();
    return leader.known == Leader::Known::member ? leader.member_id : "nobody";
}

TEST_P(SeedElections, TheOnlyCandidateIsElected) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one");
        Events events;
        one.create_group("group").get();
        one.watch_elected_as_leader("group", events.elected());
        EXPECT_THAT(one.run_watchers(), ElementsAre(Value(42)));
        EXPECT_THAT(events.take(), ElementsAre("group: one elected"));
        EXPECT_THAT(one.run_watchers(), IsEmpty()) << "once per win";
        EXPECT_TRUE(one.is_leader("group"));
    });
}

TEST_P(SeedElections, ALeaderThatStopsIsSucceeded) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one");
        Coordinator& two = session.member("two");
        Events events;
        one.create_group("group").get();
        one.watch_elected_as_leader("group", events.elected());
        two.watch_elected_as_leader("group", events.elected());
        one.run_watchers();
        EXPECT_THAT(events.take(), ElementsAre("group: one elected"));
        two.run_watchers();
        EXPECT_THAT(events.take(), IsEmpty());
        EXPECT_EQ(leader_of(two), "one");
        EXPECT_FALSE(two.is_leader("group"));
        one.stop();
        two.run_watchers();
        EXPECT_THAT(events.take(), ElementsAre("group: two elected"));
        EXPECT_EQ(leader_of(two), "two");
    });
}

TEST_P(SeedElections, TheLeaderIsWhoWasElectedAndNotWhoJoined) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one");
        Events events;
        one.create_group("group").get();
        EXPECT_EQ(leader_of(one), "nobody");
        one.join_group("group").get();
        EXPECT_EQ(leader_of(one), "nobody");
        one.watch_elected_as_leader("group", events.elected());
        one.run_watchers();
        EXPECT_EQ(leader_of(one), "one");
    });
}

TEST_P(SeedElections, ALeaderThatStandsDownIsSucceeded) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one");
        Coordinator& two = session.member("two");
        Events events;
        one.create_group("group").get();
        one.watch_elected_as_leader("group", events.elected());
        two.watch_elected_as_leader("group", events.elected());
        EXPECT_THAT(one.run_watchers(), ElementsAre(Value(42)));
        EXPECT_FALSE(two.stand_down_group_leader("group")) << "it does not lead";
        EXPECT_TRUE(one.stand_down_group_leader("group"));
        two.run_watchers();
        EXPECT_EQ(leader_of(one), "two");
        one.run_watchers();
        EXPECT_TRUE(two.stand_down_group_leader("group"));
        one.run_watchers();
        EXPECT_EQ(leader_of(two), "one");
        EXPECT_THAT(events.take(), ElementsAre("group: one elected", "group: two elected",
                                               "group: one elected"));
    });
}

TEST_P(SeedElections, RunElectCoordinatorCampaignsAlone) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one");
        Events events;
        one.create_group("group").get();
        one.watch_join_group("group", events.joined());
        one.watch_elected_as_leader("group", events.elected());
        session.member("two").join_group("group").get();
        EXPECT_THAT(one.run_elect_coordinator(), ElementsAre(Value(42)));
        EXPECT_THAT(events.take(), ElementsAre("group: one elected"));
    });
}

TEST_P(SeedElections, WhoTakesItsHookBackCampaignsNoMore) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one");
        Events events;
        one.create_group("group").get();
        const WatchId watch = one.watch_elected_as_leader("group", events.elected());
        one.unwatch_elected_as_leader("group", watch);
        EXPECT_THAT(one.run_watchers(), IsEmpty());
        EXPECT_EQ(leader_of(one), "nobody");
        EXPECT_THROW(one.unwatch_elected_as_leader("group", watch), WatchCallbackNotFound);
        EXPECT_THROW(one.unwatch_elected_as_leader("another", watch), WatchCallbackNotFound);
    });
}

TEST_P(SeedElections, AUsersLockDoesNotKeepAnybodyFromLeading) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one");
        Coordinator& two = session.member("two");
        Events events;
        const auto lock = one.get_lock("group");
        ASSERT_TRUE(lock->acquire(false));
        two.create_group("group").get();
        two.watch_elected_as_leader("group", events.elected());
        two.run_watchers();
        EXPECT_THAT(events.take(), ElementsAre("group: two elected"));
        EXPECT_TRUE(lock->release());
    });
}

INSTANTIATE_TEST_SUITE_P(Any, SeedElections, testing::ValuesIn(seed_places()), name_of_place);

}  // namespace
}  // namespace conclave::contract
