// Joining groups, leaving them, and what members say about themselves.

#include "conclave/sync.hpp"
#include "seed.hpp"

namespace conclave::contract {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

const Value& nested() {
    static const Value capabilities(
        Map{{"type", Map{{"name", "a"}, {"sizes", Array{1, 2, "three"}}}}, {"idle", true}});
    return capabilities;
}

TEST_P(SeedMembers, WhoJoinsIsListed) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one");
        one.create_group("group").get();
        EXPECT_THAT(one.get_members("group").get(), IsEmpty());
        one.join_group("group").get();
        EXPECT_THAT(one.get_members("group").get(), ElementsAre("one"));
    });
}

TEST_P(SeedMembers, AGroupThatDoesNotExistCannotBeJoined) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one");
        EXPECT_THROW(one.join_group("group").get(), GroupNotCreated);
        EXPECT_THROW(one.get_members("group").get(), GroupNotCreated);
    });
}

TEST_P(SeedMembers, JoinGroupCreateMakesTheGroupWhenItIsMissing) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one");
        Coordinator& two = session.member("two");
        one.join_group_create("group", "first").get();
        two.join_group_create("group", "second").get();
        EXPECT_THAT(one.get_members_with_capabilities("group").get(),
                    ElementsAre(Pair("one", Value("first")), Pair("two", Value("second"))));
    });
}

TEST_P(SeedMembers, AMemberIdIsInAGroupOnce) {
    in_place([](Session& session) {
        Coordinator& first = session.member("twin");
        Coordinator& second = session.member("twin");
        first.create_group("group").get();
        first.join_group("group", "first").get();
        try {
            second.join_group("group", "second").get();
            ADD_FAILURE() << "joined twice";
        } catch (const MemberAlreadyExist& error) {
            EXPECT_EQ(error.group_id(), "group");
            EXPECT_EQ(error.member_id(), "twin");
        }
        EXPECT_EQ(first.get_member_capabilities("group", "twin").get(), Value("first"));
    });
}

TEST_P(SeedMembers, WhoLeavesIsListedNoMore) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one");
        one.create_group("group").get();
        one.join_group("group").get();
        EXPECT_THAT(one.get_members("group").get(), ElementsAre("one"));
        one.leave_group("group").get();
        EXPECT_THAT(one.get_members("group").get(), IsEmpty());
    });
}

TEST_P(SeedMembers, OnlyAGroupThatWasJoinedCanBeLeft) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one");
        EXPECT_THROW(one.leave_group("absent").get(), GroupNotCreated);
        one.create_group("group").get();
        EXPECT_THROW(one.leave_group("group").get(), MemberNotJoined);
    });
}

TEST_P(SeedMembers, EverybodySeesTheSameMembers) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one");
        Coordinator& two = session.member("zwei – ü");
        one.create_group("group").get();
        one.join_group("group").get();
        two.join_group("group").get();
        EXPECT_THAT(one.get_members("group").get(), ElementsAre("one", "zwei – ü"));
        EXPECT_THAT(two.get_members("group").get(), ElementsAre("one", "zwei – ü"));
    });
}

TEST_P(SeedMembers, CapabilitiesArriveAsTheyWereGiven) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one");
        one.create_group("group");
        one.join_group("group", "plain");
        EXPECT_EQ(one.get_member_capabilities("group", "one").get(), Value("plain"));
        one.leave_group("group");
        one.join_group("group", nested());
        EXPECT_EQ(one.get_member_capabilities("group", "one").get(), nested());
    });
}

TEST_P(SeedMembers, AllCapabilitiesAreReadAtOnce) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one");
        Coordinator& two = session.member("two");
        EXPECT_THROW(one.get_members_with_capabilities("group").get(), GroupNotCreated);
        one.create_group("group").get();
        EXPECT_THAT(one.get_members_with_capabilities("group").get(), IsEmpty());
        one.join_group("group", nested()).get();
        EXPECT_THAT(one.get_members_with_capabilities("group").get(),
                    ElementsAre(Pair("one", nested())));
        two.join_group("group").get();
        EXPECT_THAT(one.get_members_with_capabilities("group").get(),
                    ElementsAre(Pair("one", nested()), Pair("two", Value())));
    });
}

TEST_P(SeedMembers, NobodysCapabilitiesAreAnError) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one");
        EXPECT_THROW(one.get_member_capabilities("group", "one").get(), GroupNotCreated);
        one.create_group("group").get();
        EXPECT_THROW(one.get_member_capabilities("group", "one").get(), MemberNotJoined);
    });
}

TEST_P(SeedMembers, CapabilitiesCanBeReplaced) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one");
        Coordinator& two = session.member("two");
        EXPECT_THROW(one.update_capabilities("group", "new").get(), GroupNotCreated);
        one.create_group("group").get();
        EXPECT_THROW(one.update_capabilities("group", "new").get(), MemberNotJoined);
        one.join_group("group", "old").get();
        EXPECT_EQ(two.get_member_capabilities("group", "one").get(), Value("old"));
        one.update_capabilities("group", nested()).get();
        EXPECT_EQ(two.get_member_capabilities("group", "one").get(), nested());
    });
}

double number_at(const Value& map, std::string_view key) {
    for (const auto& [name, value] : *map.get_if<Map>())
        if (name == Value(std::string(key))) return *value.get_if<double>();
    throw Error("no entry " + std::string(key));
}

// A folder keeps what tooz's ZooKeeper driver tells; Redis keeps the capabilities only, as in tooz.
TEST_P(SeedMembers, WhatIsKnownOfAMemberIsToldWhereItIsKept) {
    const bool kept = GetParam().backend == PlaceKind::Backend::folder;
    in_place([kept](Session& session) {
        Coordinator& one = session.member("one");
        Coordinator& two = session.member("two");
        one.join_group_create("group", "old").get();
        one.update_capabilities("group", nested()).get();
        if (!kept) {
            EXPECT_THROW(two.get_member_info("group", "one").get(), NotImplemented);
            return;
        }
        const Value info = two.get_member_info("group", "one").get();
        EXPECT_EQ(info, Value(Map{{"capabilities", nested()},
                                  {"created_at", number_at(info, "created_at")},
                                  {"updated_at", number_at(info, "updated_at")}}));
        const double now =
            static_cast<double>(session.runtime().wall_clock.now().nanoseconds) / 1e9;
        EXPECT_NEAR(number_at(info, "created_at"), now, 60);
        EXPECT_GE(number_at(info, "updated_at") + 0.1, number_at(info, "created_at"));
        sleep_for(session.runtime(), 2s);
        one.heartbeat();
        const Value later = two.get_member_info("group", "one").get();
        EXPECT_EQ(number_at(later, "created_at"), number_at(info, "created_at"));
        EXPECT_GE(number_at(later, "updated_at"), number_at(info, "updated_at") + 1);
    });
}

TEST_P(SeedMembers, NothingIsKnownOfNobody) {
    const bool kept = GetParam().backend == PlaceKind::Backend::folder;
    in_place([kept](Session& session) {
        Coordinator& one = session.member("one");
        if (!kept) {
            EXPECT_THROW(one.get_member_info("group", "one").get(), NotImplemented);
            return;
        }
        EXPECT_THROW(one.get_member_info("group", "one").get(), GroupNotCreated);
        one.create_group("group").get();
        EXPECT_THROW(one.get_member_info("group", "one").get(), MemberNotJoined);
    });
}

INSTANTIATE_TEST_SUITE_P(Any, SeedMembers, testing::ValuesIn(seed_places()), name_of_place);

}  // namespace
}  // namespace conclave::contract
