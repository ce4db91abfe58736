// Hooks on groups: what is told, in which order, and what is not.

#include <stdexcept>

#include "seed.hpp"

namespace conclave::contract {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

TEST_P(SeedWatches, AJoinIsToldOnceAndWhatTheHookReturnsIsCollected) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one");
        Coordinator& two = session.member("two");
        Events events;
        one.create_group("group").get();
        const WatchId watch = one.watch_join_group("group", events.joined());
        EXPECT_THAT(one.run_watchers(), IsEmpty());
        two.join_group("group").get();
        EXPECT_THAT(one.run_watchers(), ElementsAre(Value(42)));
        EXPECT_THAT(events.take(), ElementsAre("group: two joined"));
        EXPECT_THAT(one.run_watchers(), IsEmpty());
        one.unwatch_join_group("group", watch);
        two.leave_group("group").get();
        two.join_group("group").get();
        EXPECT_THAT(one.run_watchers(), IsEmpty());
        EXPECT_THAT(events.take(), IsEmpty());
    });
}

TEST_P(SeedWatches, ALeaveIsToldOnce) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one");
        Coordinator& two = session.member("two");
        Events events;
        one.create_group("group").get();
        one.watch_join_group("group", [](const MemberJoinedGroup&) { return true; });
        const WatchId watch = one.watch_leave_group("group", events.left());
        two.join_group("group").get();
        EXPECT_THAT(one.run_watchers(), ElementsAre(Value(true)));
        EXPECT_THAT(one.watched_members("group"), ElementsAre("two"));
        two.leave_group("group").get();
        EXPECT_THAT(one.run_watchers(), ElementsAre(Value(42)));
        EXPECT_THAT(events.take(), ElementsAre("group: two left"));
        one.unwatch_leave_group("group", watch);
        two.join_group("group").get();
        two.leave_group("group").get();
        EXPECT_THAT(one.run_watchers(), IsEmpty());
        EXPECT_THAT(events.take(), IsEmpty());
    });
}

TEST_P(SeedWatches, JoinsAreToldBeforeLeavesAndWhoWasThereIsNoEvent) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one");
        Coordinator& goes = session.member("goes");
        Events events;
        goes.join_group_create("group").get();
        one.watch_leave_group("group", events.left());
        one.watch_join_group("group", events.joined());
        one.watch_join_group("group", [](const MemberJoinedGroup&) {});
        EXPECT_THAT(one.run_watchers(), IsEmpty());
        goes.leave_group("group").get();
        session.member("comes").join_group("group").get();
        EXPECT_THAT(one.run_watchers(), ElementsAre(Value(42), Value(), Value(42)));
        EXPECT_THAT(events.take(), ElementsAre("group: comes joined", "group: goes left"));
    });
}

TEST_P(SeedWatches, AGroupThatDoesNotExistCannotBeWatched) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one");
        Events events;
        EXPECT_THROW(one.watch_join_group("group", events.joined()), GroupNotCreated);
        EXPECT_THROW(one.watch_leave_group("group", events.left()), GroupNotCreated);
        session.member("two").join_group_create("group").get();
        EXPECT_THAT(one.run_watchers(), IsEmpty()) << "nothing was registered";
    });
}

TEST_P(SeedWatches, OnlyWhatIsRegisteredCanBeTakenBack) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one");
        Events events;
        one.create_group("group").get();
        const WatchId joins = one.watch_join_group("group", events.joined());
        const WatchId leaves = one.watch_leave_group("group", events.left());
        EXPECT_THROW(one.unwatch_join_group("group", leaves), WatchCallbackNotFound);
        EXPECT_THROW(one.unwatch_leave_group("group", joins), WatchCallbackNotFound);
        EXPECT_THROW(one.unwatch_join_group("another", joins), WatchCallbackNotFound);
        one.unwatch_join_group("group", joins);
        one.unwatch_leave_group("group", leaves);
        EXPECT_THROW(one.unwatch_join_group("group", joins), WatchCallbackNotFound);
        EXPECT_THROW(one.unwatch_leave_group("group", leaves), WatchCallbackNotFound);
    });
}

TEST_P(SeedWatches, ASilentMembersLapseIsToldOnce) {
    in_place([](Session& session) {
        const Options brief{{"membership_timeout", "1"}};
        Coordinator& beats = session.member("beats", brief);
        Coordinator& silent = session.member("silent", brief);
        Events events;
        beats.create_group("group").get();
        beats.join_group("group").get();
        silent.join_group("group").get();
        beats.watch_leave_group("group", events.left());
        EXPECT_TRUE(session.eventually([&] {
            beats.heartbeat();
            return !beats.run_watchers().empty();
        }));
        EXPECT_THAT(events.take(), ElementsAre("group: silent left"));
        EXPECT_THAT(beats.get_members("group").get(), ElementsAre("beats"));
    });
}

TEST_P(SeedWatches, TheMembersOfADeletedGroupHaveLeft) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one", {{"membership_timeout", "1"}});
        Coordinator& silent = session.member("silent", {{"membership_timeout", "1"}});
        Events events;
        one.create_group("group").get();
        one.watch_join_group("group", events.joined());
        one.watch_leave_group("group", events.left());
        silent.join_group("group").get();
        one.run_watchers();
        EXPECT_THAT(events.take(), ElementsAre("group: silent joined"));
        ASSERT_TRUE(session.eventually([&] { return one.get_members("group").get().empty(); }));
        one.delete_group("group").get();
        EXPECT_THAT(one.run_watchers(), ElementsAre(Value(42)));
        EXPECT_THAT(events.take(), ElementsAre("group: silent left"));
    });
}

TEST_P(SeedWatches, WhoLapsedIsToldSoItself) {
    in_place([](Session& session) {
        const Options brief{{"membership_timeout", "1"}};
        Coordinator& one = session.member("one", brief);
        Coordinator& other = session.member("other", brief);
        Events events;
        one.create_group("group").get();
        one.join_group("group").get();
        one.watch_leave_group("group", events.left());
        ASSERT_TRUE(session.eventually([&] { return other.get_members("group").get().empty(); }));
        EXPECT_TRUE(session.eventually([&] { return !one.run_watchers().empty(); }));
        EXPECT_THAT(events.take(), ElementsAre("group: one left"));
        EXPECT_GE(session.runtime().clock.now(), one.member_until("group"));
    });
}

TEST_P(SeedWatches, WhoWasBootedOutStaysOutUntilItJoinsAgain) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one");
        Events events;
        one.create_group("group").get();
        one.join_group("group").get();
        one.watch_leave_group("group", events.left());
        session.member("one").leave_group("group").get();
        EXPECT_THAT(one.run_watchers(), ElementsAre(Value(42)));
        EXPECT_THAT(events.take(), ElementsAre("group: one left"));
        one.heartbeat();
        EXPECT_THAT(one.get_members("group").get(), IsEmpty()) << "a beat is no way back";
        EXPECT_THROW(one.leave_group("group").get(), MemberNotJoined);
        one.join_group("group").get();
        EXPECT_THAT(one.get_members("group").get(), ElementsAre("one"));
    });
}

TEST_P(SeedWatches, AHookThatThrowsHidesNoOtherEvent) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one");
        Coordinator& two = session.member("two");
        Events events;
        for (const std::string group : {"a", "b"}) {
            one.create_group(group).get();
            one.watch_join_group(group, [](const MemberJoinedGroup& event) {
                throw std::runtime_error("hook of " + event.group_id);
            });
            one.watch_join_group(group, events.joined());
            one.watch_elected_as_leader(group, events.elected());
            two.join_group(group).get();
        }
        try {
            one.run_watchers();
            ADD_FAILURE() << "the hook threw";
        } catch (const std::runtime_error& error) {
            EXPECT_STREQ(error.what(), "hook of a") << "the first one";
        }
        EXPECT_THAT(events.take(),
                    ElementsAre("a: two joined", "b: two joined", "a: one elected", "b: one elected"));
        EXPECT_THAT(one.run_watchers(), IsEmpty()) << "nothing is told twice";
    });
}

TEST_P(SeedWatches, HooksOutliveAStop) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one");
        Events events;
        one.create_group("group").get();
        one.watch_join_group("group", events.joined());
        one.stop();
        one.start();
        session.member("two").join_group("group").get();
        EXPECT_THAT(one.run_watchers(), ElementsAre(Value(42)));
        EXPECT_THAT(events.take(), ElementsAre("group: two joined"));
    });
}

INSTANTIATE_TEST_SUITE_P(Any, SeedWatches, testing::ValuesIn(seed_places()), name_of_place);

}  // namespace
}  // namespace conclave::contract
