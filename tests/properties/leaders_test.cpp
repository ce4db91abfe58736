// Leaders that are read back: a read names the member for whom the owner of the leadership acts, and
// not which of its leaderships.

#include <gtest/gtest.h>

#include "conclave/properties/distributed.hpp"
#include "conclave/properties/silence.hpp"
#include "drawing.hpp"

namespace conclave::properties {
namespace {

Outcome linearizable(const Drawing& drawing) {
    CheckOptions search_only;
    search_only.monitors = false;
    const Outcome outcome = check_linearizable(drawing.calls, Model::leader).outcome;
    EXPECT_EQ(outcome, check_linearizable(drawing.calls, Model::leader, search_only).outcome);
    return outcome;
}

TEST(Leaders, AReadNamesTheMemberAndNotTheOwner) {
    Drawing drawing;
    drawing.elect("a", "a1", "ann", {0, 10}, 20).read("b", "ann", {20, 25});
    EXPECT_EQ(linearizable(drawing), held);
    drawing.read("b", "a1", {26, 30});
    EXPECT_EQ(linearizable(drawing), violated);
}

TEST(Leaders, AMemberHasManyLeaderships) {
    Drawing drawing;
    drawing.elect("a", "a1", "ann", {0, 10}).lock("a1", Action::release, true, {20, 30});
    drawing.elect("a", "a2", "ann", {40, 50}).read("b", "ann", {60, 70});
    EXPECT_EQ(linearizable(drawing), held);
    drawing.read("b", "null", {80, 90});
    EXPECT_EQ(linearizable(drawing), violated);
}

TEST(Leaders, ARenewalGoesOnForTheSameMember) {
    Drawing drawing;
    drawing.elect("a", "a1", "ann", {0, 10}, 20).lock("a1", Action::renew, true, {15, 16}, 100);
    drawing.read("b", "ann", {90, 95});
    EXPECT_EQ(linearizable(drawing), held);
}

TEST(Leaders, ALeadershipThatNoReadDeniesOutlastsItsLease) {
    Drawing drawing;
    drawing.elect("a", "a1", "ann", {0, 10}, 20);
    drawing.read("b", "ann", {90, 95}).read("b", "null", {100, 105});
    EXPECT_EQ(linearizable(drawing), held);
    drawing.read("b", "ann", {110, 115});
    EXPECT_EQ(linearizable(drawing), violated);
}

TEST(Leaders, AViewOfThePastIsNoSameView) {
    Drawing drawing;
    drawing.elect("a", "a1", "ann", {0, 10}).lock("a1", Action::release, true, {20, 30});
    drawing.elect("b", "b1", "bob", {40, 50}).read("c", "ann", {60, 70});
    EXPECT_EQ(check_same_view(drawing.calls, Model::leader).outcome, violated);
    EXPECT_EQ(check_sequential(drawing.calls, Model::leader).outcome, held);
}

TEST(Leaders, NobodyLeadsWhomNobodyElected) {
    Drawing drawing;
    drawing.elect("a", "a1", "ann", {0, 10}).read("c", "bob", {20, 30});
    EXPECT_EQ(check_serializable(drawing.calls, Model::leader).outcome, violated);
}

TEST(Leaders, AnotherPlaceSeesThem) {
    Drawing drawing;
    drawing.elect("a", "a1", "ann", {0, 10}).read("b", "ann", {20, 30});
    EXPECT_EQ(check_visibility(drawing.calls, Model::leader, {}, 0).outcome, held);
    EXPECT_EQ(check_visibility(drawing.calls, Model::lease, {}, 0).outcome, Outcome::undecided);
    drawing.read("b", "null", {40, 50});
    EXPECT_EQ(check_visibility(drawing.calls, Model::leader, {}, 0).outcome, violated);
}

TEST(Leaders, TheyLoseWhatAReadDenies) {
    Drawing drawing;
    drawing.elect("a", "a1", "ann", {0, 10}).read("b", "ann", {20, 30});
    EXPECT_TRUE(losses_of(drawing.calls, Model::leader, {}).empty());
    drawing.read("b", "null", {40, 50});
    EXPECT_EQ(losses_of(drawing.calls, Model::leader, {}), (std::set<Loss>{{"a", "x"}}));
    const Silence pause{drawing.calls.text("a"), 35, 335};
    EXPECT_EQ(check_pauses(drawing.calls, Model::leader, {pause}, 30).outcome, violated);
}

TEST(Leaders, ADeadOneIsNotReadForLong) {
    Drawing drawing;
    drawing.elect("a", "a1", "ann", {0, 10}).read("b", "ann", {35, 36}).read("b", "null", {60, 61});
    const std::vector<Silence> deaths{{drawing.calls.text("a"), 30}};
    const auto prompt = [&] {
        return check_prompt_release(drawing.calls, Model::leader, deaths, 20).outcome;
    };
    EXPECT_EQ(prompt(), held);
    Drawing again = drawing;
    drawing.read("b", "ann", {70, 71});
    EXPECT_EQ(prompt(), violated);
    // Its next life may have been elected meanwhile: nobody knows.
    drawing = again;
    drawing.elect("a/2", "a2", "ann", {40}).read("b", "ann", {70, 71});
    EXPECT_EQ(prompt(), held);
}

TEST(Leaders, ACampaignIsToldWithItsMember) {
    Drawing drawing;
    drawing.elect("a", "a1", "ann", {0, 10});
    EXPECT_NE(describe(drawing.calls, 0).find("acquire x as a1 for ann"), std::string::npos);
}

}  // namespace
}  // namespace conclave::properties
