// What groups and the handle of a membership must do, over any driver, in every world.

#include "conclave/sync.hpp"
#include "handles.hpp"

namespace conclave::contract {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TEST_P(MembershipContract, JoiningMakesTheGroupAndLeavingIsSeen) {
    in_place([](Session& session) {
        Client& one = session.client("one");
        Group theirs = session.client("two").group("group");
        Membership mine = one.group("group").join(Value::json(R"({"zone":"a"})"));
        EXPECT_TRUE(mine.valid());
        EXPECT_THAT(one.groups(), ElementsAre(GroupId("group")));
        const Membership other = theirs.join();
        EXPECT_THAT(theirs.members(), ElementsAre(MemberId("one"), MemberId("two")));
        const std::stop_token told = mine.stop_token();
        EXPECT_TRUE(mine.leave());
        EXPECT_FALSE(mine.valid());
        EXPECT_TRUE(told.stop_requested());
        EXPECT_FALSE(mine.leave());
        EXPECT_THAT(theirs.members(), ElementsAre(MemberId("two")));
    });
}

TEST_P(MembershipContract, CapabilitiesArriveAndCanBeReplaced) {
    in_place([](Session& session) {
        Group theirs = session.client("two").group("group");
        const Value first(Map{{"zone", "a"}, {"ports", Array{1, -2, 2.5, true, Value()}}});
        Membership mine = session.client("one").group("group").join(first);
        EXPECT_EQ(theirs.capabilities("one"), first);
        mine.update("idle");
        const Membership other = theirs.join();
        EXPECT_THAT(
            theirs.members_with_capabilities(),
            ElementsAre(Pair(MemberId("one"), Value("idle")), Pair(MemberId("two"), Value())));
        EXPECT_TRUE(mine.leave());
        EXPECT_THROW(mine.update("gone"), MemberNotJoined);
        EXPECT_THROW(theirs.capabilities("one"), MemberNotJoined);
    });
}

TEST_P(MembershipContract, RefusesWhatMakesNoSense) {
    in_place([](Session& session) {
        Group group = session.client("one").group("group");
        EXPECT_THROW(group.members(), GroupNotCreated);
        EXPECT_THROW(group.remove(), GroupNotCreated);
        group.create();
        EXPECT_THROW(group.create(), GroupAlreadyExist);
        Membership mine = group.join();
        EXPECT_THROW((void)group.join(), MemberAlreadyExist);
        EXPECT_THROW(group.remove(), GroupNotEmpty);
        const Result<Done> unreadable = mine.try_update(Map{{1, "a number is no key"}});
        ASSERT_FALSE(unreadable);
        EXPECT_EQ(unreadable.failure().code, ErrorCode::serialization);
        EXPECT_EQ(unreadable.failure().effect, Effect::none);
        EXPECT_TRUE(mine.leave());
        group.remove();
        EXPECT_THAT(session.client("two").groups(), IsEmpty());
    });
}

TEST_P(MembershipContract, WhoLosesItsHandleLeavesAndMayJoinAgain) {
    in_place([](Session& session) {
        Group ours = session.client("one").group("group");
        Group theirs = session.client("two").group("group");
        { const Membership mine = ours.join("first"); }
        EXPECT_TRUE(session.eventually([&] { return theirs.members().empty(); }));
        const Membership again = ours.join("second");
        EXPECT_EQ(theirs.capabilities("one"), Value("second"));
    });
}

TEST_P(MembershipContract, IsKeptAliveWhileTheHandleLives) {
    in_place([](Session& session) {
        const Membership mine = session.client("one", brief()).group("group").join();
        Group theirs = session.client("two").group("group");
        sleep_for(session.runtime(), 2 * brief_ttl);
        EXPECT_TRUE(mine.valid());
        EXPECT_THAT(theirs.members(), ElementsAre(MemberId("one")));
    });
}

TEST_P(MembershipContract, StoppingTheClientLeaves) {
    in_place([](Session& session) {
        Client& one = session.client("one");
        std::optional<Membership> mine = one.group("group").join();
        Group theirs = session.client("two").group("group");
        TaskGroup owner(session.runtime().scheduler);
        owner.spawn([&] {
            EXPECT_TRUE(mine->validity().wait_lost(30s));
            mine.reset();
        });
        EXPECT_TRUE(one.stop(20s).still_running.empty());
        owner.join();
        EXPECT_THAT(theirs.members(), IsEmpty());
    });
}

TEST_P(ServedMembershipContract, ALossIsToldInTimeByAServerThatIsGone) {
    in_place([this](Session& session) {
        const Membership mine = session.client("one", brief()).group("group").join();
        place_->kill_master();
        EXPECT_TRUE(mine.validity().wait_lost(2 * brief_ttl));
        EXPECT_FALSE(mine.valid());
        EXPECT_TRUE(session.eventually([&] { return mine.stop_token().stop_requested(); }));
    });
}

using enum PlaceKind::Backend;
INSTANTIATE_TEST_SUITE_P(Any, MembershipContract, testing::ValuesIn(place_kinds()), name_of_place);
INSTANTIATE_TEST_SUITE_P(Redis, ServedMembershipContract, testing::ValuesIn(place_kinds({server})),
                         name_of_place);

}  // namespace
}  // namespace conclave::contract
