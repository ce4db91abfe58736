#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "conclave/properties/checkers.hpp"

namespace conclave::properties {
namespace {

ResourceAccess access(std::string holder, std::uint64_t token, bool accepted = true) {
    return {std::move(holder), "L", token, true, accepted, 0};
}

TEST(FencedEffects, OneHoldMayComeOftenAndTheNextWithALargerToken) {
    const Verdict verdict = check_fenced_effects({access("a", 1), access("a", 1), access("b", 2)});
    EXPECT_EQ(verdict.outcome, Outcome::held);
    EXPECT_EQ(verdict.cases, 2u);
}

TEST(FencedEffects, OneTokenForTwoHoldsIsNoFence) {
    EXPECT_EQ(check_fenced_effects({access("a", 3), access("b", 3)}).outcome, Outcome::violated);
}

TEST(FencedEffects, AnOldTokenMustBeRefused) {
    const std::vector<ResourceAccess> refused{access("a", 1), access("b", 2), access("a", 1, false)};
    EXPECT_EQ(check_fenced_effects(refused).outcome, Outcome::held);
    const std::vector<ResourceAccess> accepted{access("a", 1), access("b", 2), access("a", 1)};
    EXPECT_EQ(check_fenced_effects(accepted).outcome, Outcome::violated);
}

TEST(FencedEffects, OneAccessShowsNothing) {
    EXPECT_EQ(check_fenced_effects({access("a", 1)}).outcome, Outcome::undecided);
}

/// The definition, pair by pair.
bool fenced(const std::vector<ResourceAccess>& all) {
    for (std::size_t late = 0; late < all.size(); ++late)
        for (std::size_t early = 0; early < late; ++early) {
            if (!all[early].accepted || !all[late].accepted) continue;
            if (all[early].object != all[late].object) continue;
            if (all[late].token < all[early].token) return false;
            if (all[late].token == all[early].token && all[late].holder != all[early].holder)
                return false;
        }
    return true;
}

RC_GTEST_PROP(FencedEffects, AgreeWithTheDefinitionPairByPair, ()) {
    std::vector<ResourceAccess> all;
    std::uint64_t token = 1;
    for (const int draw : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 400))) {
        ResourceAccess one = access(std::string(1, static_cast<char>('a' + draw % 2)), token);
        one.object = draw % 4 < 2 ? "L" : "M";
        one.accepted = draw % 5 != 0;
        if (draw % 7 == 0) ++token;
        if (draw % 11 == 0) one.token = token > 2 ? token - 2 : 1;
        all.push_back(one);
    }
    const bool right = fenced(all);
    RC_TAG(right ? "fenced" : "violated");
    RC_ASSERT((check_fenced_effects(all).outcome == Outcome::violated) == !right);
}

}  // namespace
}  // namespace conclave::properties
