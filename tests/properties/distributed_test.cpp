#include "conclave/properties/distributed.hpp"

#include <gtest/gtest.h>

#include "drawing.hpp"

namespace conclave::properties {
namespace {

using enum Action;

Finding on_two_hosts(Drawing& drawing, const char* host_of_b = "h2") {
    const std::map<TextId, TextId> hosts = {
        {drawing.calls.text("a"), drawing.calls.text("h1")},
        {drawing.calls.text("b"), drawing.calls.text(host_of_b)}};
    return check_one_object(drawing.calls, Model::mutex, Characteristic::linearizable, hosts);
}

TEST(OneObject, IsHeldWhenTheOtherPlaceIsKeptOut) {
    Drawing drawing;
    drawing.lock("a", acquire, true, {0, 10}).lock("b", acquire, false, {20, 30});
    EXPECT_EQ(on_two_hosts(drawing).outcome, Outcome::held);
}

TEST(OneObject, SilosAreNamed) {
    Drawing drawing;
    drawing.lock("a", acquire, true, {0, 10}).lock("b", acquire, true, {20, 30});
    const Finding finding = on_two_hosts(drawing);
    EXPECT_EQ(finding.outcome, Outcome::violated);
    EXPECT_EQ(finding.counterexample.size(), 2U);
    EXPECT_NE(finding.reason.find("silos: "), std::string::npos) << finding.reason;
    EXPECT_NE(finding.reason.find("(h1, h2)"), std::string::npos) << finding.reason;
}

TEST(OneObject, WhatOnePlaceAloneViolatesIsNoSilo) {
    Drawing drawing;
    drawing.lock("a", acquire, true, {0, 10}).lock("b", acquire, true, {20, 30});
    drawing.lock("b", acquire, true, {40, 50});
    const Finding finding = on_two_hosts(drawing);
    EXPECT_EQ(finding.outcome, Outcome::violated);
    EXPECT_EQ(finding.reason.find("silos"), std::string::npos) << finding.reason;
}

TEST(OneObject, WhatAPlaceTellsItselfCountsWhenItIsLookedAtAlone) {
    Drawing drawing;
    drawing.read("b", "null", {0, 5}).read("b", "null", {0, 5}).write("a", "1", {0, 10});
    drawing.tell("a", "c", {10, 10}).read("c", "null", {10, 20});
    const TextId here = drawing.calls.text("h1"), there = drawing.calls.text("h2");
    const Finding finding =
        check_one_object(drawing.calls, Model::register_, Characteristic::linearizable,
                         {{drawing.calls.text("a"), here},
                          {drawing.calls.text("b"), there},
                          {drawing.calls.text("c"), here}});
    EXPECT_EQ(finding.outcome, Outcome::violated);
    EXPECT_EQ(finding.reason.find("silos"), std::string::npos) << finding.reason;
}

TEST(OneObject, IsUndecidedFromOnePlace) {
    Drawing drawing;
    drawing.lock("a", acquire, true, {0, 10}).lock("b", acquire, false, {20, 30});
    EXPECT_EQ(on_two_hosts(drawing, "h1").outcome, Outcome::undecided);
}

Verdict seen_from(Drawing& drawing, Model model, std::int64_t from_ns = 0) {
    return check_visibility(drawing.calls, model, {}, from_ns);
}

TEST(Visibility, ALockThatIsHeldIsRefusedElsewhere) {
    Drawing drawing;
    drawing.lock("a", acquire, true, {10, 20}).lock("b", acquire, false, {30, 40});
    EXPECT_EQ(seen_from(drawing, Model::lease).outcome, Outcome::held);
    EXPECT_EQ(seen_from(drawing, Model::lease, 15).outcome, Outcome::undecided) << "not settled";
    drawing.lock("b", acquire, true, {50, 60});
    EXPECT_EQ(seen_from(drawing, Model::lease).outcome, Outcome::violated);
    EXPECT_EQ(seen_from(drawing, Model::lease, 15).outcome, Outcome::undecided);
}

TEST(Visibility, NothingIsCertainOnceItCouldHaveEnded) {
    Drawing given_back;
    given_back.lock("a", acquire, true, {10, 20}).lock("b", acquire, true, {30, 40});
    given_back.lock("a", release, true, {35, 50});
    EXPECT_EQ(seen_from(given_back, Model::lease).outcome, Outcome::undecided);
    Drawing lapsed;
    lapsed.lock("a", acquire, true, {10, 20}, 25).lock("b", acquire, true, {30, 40}, 25);
    EXPECT_EQ(seen_from(lapsed, Model::lease).outcome, Outcome::undecided);
    lapsed.lock("a", renew, true, {22, 24}, 25);
    EXPECT_EQ(seen_from(lapsed, Model::lease).outcome, Outcome::violated)
        << "it was renewed in time";
}

TEST(Visibility, AMemberIsListedElsewhere) {
    Drawing drawing;
    drawing.member("a", join, "m", true, {10, 20}).members("a", {}, {30, 40});
    EXPECT_EQ(seen_from(drawing, Model::group).outcome, Outcome::undecided) << "one place only";
    drawing.members("b", {"m"}, {50, 60});
    EXPECT_EQ(seen_from(drawing, Model::group).outcome, Outcome::held);
    drawing.members("b", {}, {70, 80});
    EXPECT_EQ(seen_from(drawing, Model::group).outcome, Outcome::violated);
}

}  // namespace
}  // namespace conclave::properties
