// Shrinking what the mutants break: from 20 faults and more to a few that tell what is wrong.

#include "conclave/scenarios/shrink.hpp"

#include <gtest/gtest.h>

#include "../scenarios/support.hpp"
#include "wrong_products.hpp"

namespace conclave::mutants {
namespace {

using scenarios::Plan;
using scenarios::RunResult;
using scenarios::ShrinkResult;

constexpr std::size_t few_faults = 3;
constexpr std::size_t many_faults = 20;
constexpr std::uint64_t runs_max = 3000;

/// What shrinking has to keep, whatever it reaches.
void expect_same_find(const Find& find, const ShrinkResult& shrunk, const RunResult& again) {
    EXPECT_GE(shrunk.before.faults, many_faults);
    EXPECT_LE(shrunk.runs, runs_max);
    EXPECT_EQ(again.trace_hash, shrunk.plan.trace_hash) << "the shrunk Plan replays exactly";
    const scenarios::Judgement* const found =
        scenarios::judgement(again, find.signature.property);
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(found->verdict.outcome, properties::Outcome::violated);
    EXPECT_EQ(found->claimed, find.signature.claimed);
}

/// Where every fault has its place in the scenario, there is little to shrink.
bool draws_many_faults(const WrongProduct& product) {
    const std::vector<Find> finds = finds_of(product, 1, 100);
    return finds.empty() || finds.front().plan.faults.size() >= many_faults;
}

struct Share {
    std::size_t finds = 0;
    std::size_t few = 0;
    std::size_t minimal = 0;
};

void shrink_finds(const WrongProduct& product, std::size_t count, Share& share) {
    SCOPED_TRACE(product.name);
    // Among many faults members lapse and come back, and then causality is hardly ever decided.
    if (product.name == "members_of_each_fiber") count = 1;
    const std::vector<Find> finds = finds_of(product, count, 100);
    EXPECT_EQ(finds.size(), count) << "not caught often enough with many faults";
    for (const Find& find : finds) {
        const bool right_holds =
            !scenarios::violated(scenarios::run_plan(find.plan), find.signature.property);
        ShrinkResult shrunk;
        {
            const OnTrial trial(product);
            shrunk = scenarios::shrink(find.plan, find.signature, {runs_max, {}}, trial.options());
            expect_same_find(find, shrunk, scenarios::run_plan(shrunk.plan, trial.options()));
        }
        const bool right_is_blamed =
            scenarios::violated(scenarios::run_plan(shrunk.plan), find.signature.property);
        // What the right product does not claim, it may violate as well where less goes on.
        EXPECT_FALSE(find.signature.claimed && right_holds && right_is_blamed)
            << to_text(shrunk.plan);
        ++share.finds;
        share.few += shrunk.after.faults <= few_faults ? 1 : 0;
        share.minimal += shrunk.minimal ? 1 : 0;
    }
}

void expect_nine_of_ten(const Share& share) {
    EXPECT_GE(share.few * 10, share.finds * 9) << share.few << " of " << share.finds;
    EXPECT_GE(share.minimal * 10, share.finds * 9) << share.minimal << " of " << share.finds;
}

TEST(ShrunkMutants, OfWrappedDriversNeedFewFaults) {
    Share share;
    for (const WrongProduct& product : swept_products())
        if (product.drivers) shrink_finds(product, 2, share);
    expect_nine_of_ten(share);
}

TEST(ShrunkMutants, OfPatchedProductsNeedFewFaults) {
    Share share;
    for (const WrongProduct& product : swept_products())
        if (!product.drivers && draws_many_faults(product)) shrink_finds(product, 1, share);
    EXPECT_GE(share.finds, 30u);
    expect_nine_of_ten(share);
}

}  // namespace
}  // namespace conclave::mutants
