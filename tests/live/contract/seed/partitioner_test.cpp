// Sharing objects out among the members of a group.

#include "seed.hpp"

namespace conclave::contract {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

std::size_t points(std::uint64_t weights) { return HashRing::default_partitions * weights; }

TEST_P(SeedPartitioner, JoiningMakesTheGroupAndAMemberOfIt) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one");
        const auto parts = one.join_partitioned_group("group");
        EXPECT_THAT(one.get_members("group").get(), testing::ElementsAre("one"));
        EXPECT_TRUE(parts->belongs_to_self("object"));
    });
}

TEST_P(SeedPartitioner, TheRingFollowsJoinsAndLeaves) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one");
        const auto mine = one.join_partitioned_group("group");
        EXPECT_EQ(mine->ring().size(), points(1));
        Coordinator& two = session.member("two");
        const auto its = two.join_partitioned_group("group");
        one.run_watchers();
        EXPECT_EQ(its->ring().size(), points(2));
        EXPECT_EQ(mine->ring().size(), points(2));
        Coordinator& three = session.member("three");
        Coordinator& four = session.member("four");
        three.join_partitioned_group("group");
        const auto last = four.join_partitioned_group("group");
        one.run_watchers();
        EXPECT_EQ(mine->ring().size(), points(4));
        EXPECT_EQ(mine->fingerprint(), last->fingerprint());
        for (Coordinator* leaver : {&two, &three, &four}) leaver->leave_group("group").get();
        one.run_watchers();
        EXPECT_EQ(mine->ring().size(), points(1));
    });
}

TEST_P(SeedPartitioner, WeightsAreThoseOfTheMembers) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one");
        Coordinator& two = session.member("two");
        const auto mine = one.join_partitioned_group("group", 5);
        EXPECT_EQ(mine->ring().nodes(), (NodeWeights{{"one", 5}}));
        EXPECT_EQ(mine->ring().size(), points(5));
        const auto its = two.join_partitioned_group("group", 10);
        one.run_watchers();
        for (const Partitioner* parts : {mine.get(), its.get()}) {
            EXPECT_EQ(parts->ring().nodes(), (NodeWeights{{"one", 5}, {"two", 10}}));
            EXPECT_EQ(parts->ring().size(), points(15));
        }
    });
}

TEST_P(SeedPartitioner, AChangedWeightIsFollowed) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one");
        Coordinator& two = session.member("two");
        const auto mine = one.join_partitioned_group("group");
        const auto its = two.join_partitioned_group("group");
        one.run_watchers();
        two.update_capabilities("group", Map{{"weight", 3}}).get();
        one.run_watchers();
        EXPECT_EQ(mine->ring().nodes(), (NodeWeights{{"one", 1}, {"two", 3}}));
        // Back again between two looks, which is no event for the seed's watchers.
        two.leave_group("group").get();
        two.join_group("group", Map{{"weight", 2}}).get();
        one.run_watchers();
        two.run_watchers();
        EXPECT_EQ(mine->ring().nodes(), (NodeWeights{{"one", 1}, {"two", 2}}));
        EXPECT_EQ(mine->fingerprint(), its->fingerprint());
    });
}

TEST_P(SeedPartitioner, AStoppedOneIsToldNothingMore) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one");
        const auto parts = one.join_partitioned_group("group");
        one.leave_partitioned_group("group", *parts).get();
        session.member("two").join_group("group").get();
        EXPECT_THAT(one.run_watchers(), IsEmpty());
        EXPECT_EQ(parts->ring().nodes(), (NodeWeights{{"one", 1}}));
        parts->stop();
    });
}

TEST_P(SeedPartitioner, AnObjectHasOneOwnerAndAllAgreeWho) {
    in_place([](Session& session) {
        Coordinator& one = session.member("one");
        Coordinator& two = session.member("two");
        const auto mine = one.join_partitioned_group("group");
        const auto its = two.join_partitioned_group("group");
        one.run_watchers();
        const std::string object = "\u00e9t\u00e9";
        const auto owners = mine->members_for_object(object);
        ASSERT_THAT(owners, SizeIs(1));
        EXPECT_TRUE(its->belongs_to_member(object, owners[0]));
        EXPECT_FALSE(mine->belongs_to_member(object, "a stranger"));
        EXPECT_EQ(mine->belongs_to_self(object), owners[0] == "one");
        EXPECT_NE(mine->belongs_to_self(object), its->belongs_to_self(object));
    });
}

INSTANTIATE_TEST_SUITE_P(Any, SeedPartitioner, testing::ValuesIn(seed_places()), name_of_place);

}  // namespace
}  // namespace conclave::contract
