// Making groups, finding them, and deleting them.

#include "seed.hpp"

namespace conclave::contract {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;

TEST_P(SeedGroups, ACreatedGroupIsListed) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one");
        one.create_group("group").get();
        EXPECT_THAT(one.get_groups().get(), ElementsAre("group"));
    });
}

TEST_P(SeedGroups, EveryGroupIsListed) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one");
        for (const std::string name : {"a", "b", "c", "d", "größe"}) one.create_group(name).get();
        EXPECT_THAT(session.member("two").get_groups().get(),
                    ElementsAre("a", "b", "c", "d", "größe"));
    });
}

TEST_P(SeedGroups, AGroupIsCreatedOnce) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one");
        one.create_group("group").get();
        const auto again = session.member("two").create_group("group");
        try {
            again.get();
            ADD_FAILURE() << "created twice";
        } catch (const GroupAlreadyExist& error) {
            EXPECT_EQ(error.group_id(), "group");
            EXPECT_STREQ(error.what(), "Group group already exists");
        }
    });
}

TEST_P(SeedGroups, ADeletedGroupIsGone) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one");
        one.create_group("group").get();
        EXPECT_THAT(one.get_groups().get(), Contains("group"));
        one.delete_group("group").get();
        EXPECT_THAT(one.get_groups().get(), Not(Contains("group")));
        EXPECT_THROW(one.join_group("group").get(), GroupNotCreated);
    });
}

TEST_P(SeedGroups, OnlyAGroupThatExistsCanBeDeleted) {
    in_place([](Session& session) {
        EXPECT_THROW(session.member("one").delete_group("group").get(), GroupNotCreated);
    });
}

TEST_P(SeedGroups, OnlyAnEmptyGroupCanBeDeleted) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one");
        one.create_group("group").get();
        one.join_group("group").get();
        EXPECT_THROW(one.delete_group("group").get(), GroupNotEmpty);
        one.leave_group("group").get();
        one.delete_group("group").get();
        EXPECT_THAT(one.get_groups().get(), Not(Contains("group")));
    });
}

INSTANTIATE_TEST_SUITE_P(Any, SeedGroups, testing::ValuesIn(seed_places()), name_of_place);

}  // namespace
}  // namespace conclave::contract
