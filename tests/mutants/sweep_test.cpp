// Every mutant that shows in runs is caught within its seeds, and the right product holds in all of them.

#include <gtest/gtest.h>

#include <algorithm>

#include "../scenarios/support.hpp"
#include "wrong_products.hpp"

namespace conclave::mutants {
namespace {

class Mutants : public testing::TestWithParam<WrongProduct> {};

/// What the right product violates although it claims it; "" when nothing.
std::string broken_claim(const WrongProduct& product, std::uint64_t seed) {
    const scenarios::Scenario scenario = scenarios::builtin(product.scenario);
    const scenarios::RunResult run =
        scenarios::run_plan(scenarios::draw_plan(scenario, scenario.drivers.front(), seed));
    for (const std::string& property : product.properties) {
        const scenarios::Judgement* const found = scenarios::judgement(run, property);
        if (found && found->failed()) return property + ": " + found->verdict.reason;
    }
    return {};
}

TEST_P(Mutants, AreCaughtWhereTheRightProductHolds) {
    const WrongProduct& product = GetParam();
    for (const std::string& property : product.properties) {
        const std::uint64_t caught = first_caught(product, property, 1, product.seeds);
        EXPECT_NE(caught, 0u) << product.wrong << ": not caught by " << property << " in "
                              << product.seeds << " seeds of " << product.scenario;
        RecordProperty("caught_by_seed_" + property, static_cast<int>(caught));
    }
    for (std::uint64_t seed = 1; seed <= product.seeds; ++seed)
        EXPECT_EQ(broken_claim(product, seed), "")
            << "the right product, seed " << seed << " of " << product.scenario;
}

/// An application is told by the watch of a handle, and by a coordinator that reads on other fibers.
TEST(MembersOfEachFiber, AreCaughtThroughEachFaceByWhatItIsTold) {
    const std::vector<WrongProduct> all = swept_products();
    const auto wrong = std::find_if(all.begin(), all.end(), [](const WrongProduct& product) {
        return product.name == "members_of_each_fiber";
    });
    ASSERT_NE(wrong, all.end());
    for (const char* const face : {"handles", "coordinator"}) {
        scenarios::Scenario scenario = scenarios::builtin(wrong->scenario);
        scenario.face = face;
        const OnTrial trial(*wrong);
        EXPECT_NE(scenarios::first_violation(scenario, "causal", 5, trial.options()), 0u) << face;
        EXPECT_EQ(scenarios::first_violation(scenario, "causal", 5), 0u) << face;
    }
}

INSTANTIATE_TEST_SUITE_P(
    Products, Mutants, testing::ValuesIn(swept_products()),
    [](const testing::TestParamInfo<WrongProduct>& info) { return info.param.name; });

}  // namespace
}  // namespace conclave::mutants
