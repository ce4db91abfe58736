// What groups of any driver must do, in every world.

#include "suite.hpp"

namespace conclave::contract {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

TEST_P(GroupContract, CreatesListsAndDeletes) {
    in_place([](Session& session) {
        Groups& groups = *session.connect("one").groups();
        EXPECT_THAT(groups.get_groups(session.soon()), IsEmpty());
        groups.create_group("b", session.soon());
        groups.create_group("a", session.soon());
        EXPECT_THROW(groups.create_group("a", session.soon()), GroupAlreadyExist);
        EXPECT_THAT(groups.get_groups(session.soon()), ElementsAre("a", "b"));
        groups.delete_group("a", session.soon());
        EXPECT_THROW(groups.delete_group("a", session.soon()), GroupNotCreated);
        EXPECT_THAT(groups.get_groups(session.soon()), ElementsAre("b"));
    });
}

TEST_P(GroupContract, MembersSeeEachOther) {
    in_place([](Session& session) {
        Groups& ours = *session.connect("one").groups();
        Groups& theirs = *session.connect("two").groups();
        ours.create_group("group", session.soon());
        ours.join_group("group", Value(), session.soon());
        theirs.join_group("group", Value(), session.soon());
        EXPECT_THAT(ours.get_members("group", session.soon()), ElementsAre("one", "two"));
        EXPECT_THAT(theirs.get_members("group", session.soon()), ElementsAre("one", "two"));
        ours.leave_group("group", session.soon());
        EXPECT_THAT(theirs.get_members("group", session.soon()), ElementsAre("two"));
        EXPECT_THROW(ours.leave_group("group", session.soon()), MemberNotJoined);
    });
}

TEST_P(GroupContract, CapabilitiesArriveAsTheyWereSent) {
    in_place([](Session& session) {
        Groups& ours = *session.connect("one").groups();
        Groups& theirs = *session.connect("two").groups();
        const Value first(Map{{"zone", "a"},
                              {"weights", Array{1, -2, 2.5, true, Value()}},
                              {"key", Blob{std::string("\0\xff", 2)}}});
        ours.create_group("group", session.soon());
        ours.join_group("group", first, session.soon());
        EXPECT_EQ(theirs.get_member_capabilities("group", "one", session.soon()), first);
        ours.update_capabilities("group", "idle", session.soon());
        const auto all = theirs.get_members_with_capabilities("group", session.soon());
        EXPECT_THAT(all, ElementsAre(std::pair<const std::string, Value>("one", "idle")));
    });
}

TEST_P(GroupContract, RefusesWhatMakesNoSense) {
    in_place([](Session& session) {
        Groups& groups = *session.connect("one").groups();
        const Deadline soon = session.soon();
        EXPECT_THROW(groups.join_group("absent", Value(), soon), GroupNotCreated);
        EXPECT_THROW(groups.get_members("absent", soon), GroupNotCreated);
        EXPECT_THROW(groups.update_capabilities("absent", Value(), soon), GroupNotCreated);
        groups.create_group("group", soon);
        EXPECT_THROW(groups.update_capabilities("group", Value(), soon), MemberNotJoined);
        EXPECT_THROW(groups.get_member_capabilities("group", "two", soon), MemberNotJoined);
        groups.join_group("group", Value(), soon);
        EXPECT_THROW(groups.join_group("group", Value(), soon), MemberAlreadyExist);
        EXPECT_THROW(groups.delete_group("group", soon), GroupNotEmpty);
    });
}

TEST_P(GroupContract, TwoProcessesCannotShareAMemberId) {
    in_place([](Session& session) {
        Driver& first_driver = session.connect("twin");
        Driver& second_driver = session.connect("twin");
        Groups& first = *first_driver.groups();
        Groups& second = *second_driver.groups();
        first.create_group("group", session.soon());
        first.join_group("group", "first", session.soon());
        second_driver.heartbeat(session.soon());
        EXPECT_THROW(second.join_group("group", "second", session.soon()), MemberAlreadyExist);
        EXPECT_THAT(first_driver.heartbeat(session.soon()).lost, ElementsAre());
        EXPECT_EQ(first.get_member_capabilities("group", "twin", session.soon()), Value("first"));
        second_driver.stop(session.soon());
        EXPECT_THAT(first_driver.heartbeat(session.soon()).rejoined, ElementsAre());
        EXPECT_THAT(first.get_members("group", session.soon()), ElementsAre("twin"));
    });
}

TEST_P(GroupContract, WhatADeadProcessLeftBehindLapsesAlthoughTheNextOfItsIdBeats) {
    in_place([](Session& session) {
        const Options brief{{"timeout", "1"}};
        Groups& dead = *session.connect("twin", brief).groups();
        Driver& next = session.connect("twin", brief);
        Groups& watching = *session.connect("watching").groups();
        dead.create_group("group", session.soon());
        dead.create_group("other", session.soon());
        dead.join_group("group", "first", session.soon());
        dead.join_group("other", "first", session.soon());
        ASSERT_TRUE(session.eventually([&] {
            next.heartbeat(session.soon());
            return watching.get_members("group", session.soon()).empty();
        }));
        next.groups()->join_group("group", "second", session.soon());
        EXPECT_THAT(next.heartbeat(session.soon()).lost, ElementsAre());
        EXPECT_THAT(watching.get_members("group", session.soon()), ElementsAre("twin"));
        EXPECT_EQ(watching.get_member_capabilities("group", "twin", session.soon()),
                  Value("second"));
        // It has joined one of the two; of the other it is no member, in nobody's view.
        EXPECT_THAT(watching.get_members("other", session.soon()), ElementsAre());
        EXPECT_THAT(next.groups()->get_members("other", session.soon()), ElementsAre());
    });
}

TEST_P(GroupContract, TheNextProcessOfItsIdJoinsBeforeAnybodyLooked) {
    in_place([](Session& session) {
        const Options brief{{"timeout", "1"}};
        Driver& dead = session.connect("twin", brief);
        Groups& next = *session.connect("twin", brief).groups();
        dead.groups()->create_group("group", session.soon());
        dead.groups()->join_group("group", "first", session.soon());
        ASSERT_TRUE(session.eventually([&] {
            try {
                next.join_group("group", "second", session.soon());
                return true;
            } catch (const MemberAlreadyExist&) {
                return false;
            }
        }));
        EXPECT_EQ(next.get_member_capabilities("group", "twin", session.soon()), Value("second"));
        // Not dead after all: it is told, and disturbs nobody.
        EXPECT_THAT(dead.heartbeat(session.soon()).lost, ElementsAre("group"));
        EXPECT_THROW(dead.groups()->join_group("group", "third", session.soon()),
                     MemberAlreadyExist);
        dead.stop(session.soon());
        EXPECT_THAT(next.get_members("group", session.soon()), ElementsAre("twin"));
    });
}

TEST_P(GroupContract, ASilentMemberDisappearsAndALiveOneStays) {
    in_place([](Session& session) {
        Driver& watching = session.connect("watching");
        Driver& silent = session.connect("silent", {{"membership_timeout", "1"}});
        Groups& groups = *watching.groups();
        groups.create_group("group", session.soon());
        groups.join_group("group", Value(), session.soon());
        silent.groups()->join_group("group", Value(), session.soon());
        EXPECT_TRUE(session.eventually([&] {
            watching.heartbeat(session.soon());
            return !groups.get_members("group", session.soon()).contains("silent");
        }));
        EXPECT_THAT(groups.get_members("group", session.soon()), ElementsAre("watching"));
    });
}

TEST_P(GroupContract, AnEvictedMemberIsBackWithItsNextBeat) {
    in_place([](Session& session) {
        Driver& watching = session.connect("watching");
        Driver& slow = session.connect("slow", {{"membership_timeout", "1"}});
        Groups& groups = *watching.groups();
        groups.create_group("group", session.soon());
        slow.groups()->join_group("group", "here", session.soon());
        ASSERT_TRUE(session.eventually(
            [&] { return groups.get_members("group", session.soon()).empty(); }));
        slow.heartbeat(session.soon());
        EXPECT_THAT(groups.get_members("group", session.soon()), ElementsAre("slow"));
        EXPECT_EQ(groups.get_member_capabilities("group", "slow", session.soon()), Value("here"));
    });
}

}  // namespace
}  // namespace conclave::contract
