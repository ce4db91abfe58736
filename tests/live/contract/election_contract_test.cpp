// What elections of any driver must do, in every world.

#include "suite.hpp"

namespace conclave::contract {
namespace {

TEST_P(ElectionContract, OneLeadsAndEverybodyKnowsWho) {
    in_place([](Session& session) {
        Elections& ours = *session.connect("one").elections();
        Elections& theirs = *session.connect("two").elections();
        EXPECT_EQ(theirs.get_leader("group", session.soon()).known, Leader::Known::nobody);
        const auto leadership = ours.try_lead("group", ours.new_owner(), session.soon());
        ASSERT_TRUE(leadership);
        EXPECT_FALSE(theirs.try_lead("group", theirs.new_owner(), session.soon()));
        const Leader leader = theirs.get_leader("group", session.soon());
        EXPECT_EQ(leader.known, Leader::Known::member);
        EXPECT_EQ(leader.member_id, "one");
    });
}

TEST_P(ElectionContract, AfterAResignationAnotherLeads) {
    in_place([](Session& session) {
        Elections& ours = *session.connect("one").elections();
        Elections& theirs = *session.connect("two").elections();
        const auto first = ours.try_lead("group", ours.new_owner(), session.soon());
        ASSERT_TRUE(first);
        EXPECT_TRUE(ours.resign(*first, session.soon()));
        EXPECT_EQ(ours.get_leader("group", session.soon()).known, Leader::Known::nobody);
        const auto second = theirs.try_lead("group", theirs.new_owner(), session.soon());
        ASSERT_TRUE(second);
        EXPECT_GT(second->token, first->token);
        EXPECT_FALSE(ours.resign(*first, session.soon()));
        EXPECT_EQ(ours.get_leader("group", session.soon()).member_id, "two");
    });
}

TEST_P(ElectionContract, RenewalKeepsTheLeaderKnown) {
    in_place([](Session& session) {
        Elections& ours = *session.connect("one").elections();
        auto leadership = ours.try_lead("group", ours.new_owner(), session.soon());
        ASSERT_TRUE(leadership);
        const TimePoint first = leadership->belief_until;
        EXPECT_TRUE(ours.renew(*leadership, session.soon()));
        EXPECT_TRUE(leadership->belief_until > first || first == TimePoint::max());
        EXPECT_EQ(ours.get_leader("group", session.soon()).member_id, "one");
    });
}

TEST_P(LeaseContract, ALostLeadershipIsTold) {
    in_place([](Session& session) {
        Elections& ours = *session.connect("one", {{"lock_timeout", "1"}}).elections();
        Elections& theirs = *session.connect("two").elections();
        auto leadership = ours.try_lead("group", ours.new_owner(), session.soon());
        ASSERT_TRUE(leadership);
        const std::string owner = theirs.new_owner();
        ASSERT_TRUE(session.eventually(
            [&] { return theirs.try_lead("group", owner, session.soon()).has_value(); }));
        EXPECT_GE(session.runtime().clock.now(), leadership->belief_until);
        EXPECT_FALSE(ours.renew(*leadership, session.soon()));
        EXPECT_EQ(ours.get_leader("group", session.soon()).member_id, "two");
    });
}

}  // namespace
}  // namespace conclave::contract
