// Every saved Plan still shows its bug where the bug is put back, reaches what it is there to reach, and
// holds with the right product. One that does not is stale: it tests something else than it says.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <vector>

#include "../scenarios/support.hpp"
#include "patches.hpp"
#include "wrong_products.hpp"

namespace conclave::mutants {
namespace {

using scenarios::Plan;
using scenarios::RunResult;

std::vector<std::string> saved_plans() {
    std::vector<std::string> paths;
    for (const auto& entry : std::filesystem::directory_iterator(CONCLAVE_REGRESSIONS))
        if (entry.path().extension() == ".plan") paths.push_back(entry.path().string());
    std::sort(paths.begin(), paths.end());
    return paths;
}

Plan read(const std::string& path) {
    std::ifstream in(path);
    std::ostringstream text;
    text << in.rdbuf();
    return scenarios::parse_plan(text.str(), path);
}

/// The mutant of that name, of any kind.
std::optional<WrongProduct> wrong_product(const std::string& name) {
    for (const RegressionPatch& patch : regression_patches())
        if (patch.name == name) {
            WrongProduct product;
            product.name = name;
            product.patch = patch.number;
            return product;
        }
    for (const WrongProduct& product : wrong_products())
        if (product.name == name) return product;
    return std::nullopt;
}

class Regression : public testing::TestWithParam<std::string> {
protected:
    const Plan plan_ = read(GetParam());
};

TEST_P(Regression, SaysWhatItIsThereFor) {
    EXPECT_FALSE(plan_.milestones.empty());
    EXPECT_GE(plan_.applied, 0);
    EXPECT_NE(plan_.kills.empty(), plan_.kills_none.empty());
    EXPECT_EQ(plan_.kills.empty(), plan_.property.empty());
}

TEST_P(Regression, HoldsAndIsNotStale) {
    const RunResult run = scenarios::run_plan(plan_);
    EXPECT_EQ(static_cast<std::int64_t>(run.faults), plan_.applied) << "stale: faults do not apply";
    for (const std::string& each : plan_.milestones)
        EXPECT_TRUE(run.milestones.contains(each)) << "stale: not reached: " << each;
    for (const scenarios::Judgement& each : run.judgements)
        EXPECT_FALSE(each.failed()) << each.verdict.property << ": " << each.verdict.reason;
}

TEST_P(Regression, KillsItsMutant) {
    if (plan_.kills.empty()) {
        EXPECT_FALSE(plan_.kills_none.empty());
        return;
    }
    const std::optional<WrongProduct> product = wrong_product(plan_.kills);
    ASSERT_TRUE(product) << "there is no mutant '" << plan_.kills << "'";
    const OnTrial trial(*product);
    EXPECT_TRUE(scenarios::violated(run_plan(plan_, trial.options()), plan_.property))
        << plan_.kills << " does not violate " << plan_.property << ": the Plan is stale";
}

std::string name_of(const testing::TestParamInfo<std::string>& info) {
    return std::filesystem::path(info.param).stem().string();
}

// An empty folder would be a suite that cannot fail: GoogleTest fails an empty instantiation.
INSTANTIATE_TEST_SUITE_P(Saved, Regression, testing::ValuesIn(saved_plans()), name_of);

// A patch that no Plan names would be dead.
TEST(RegressionPatches, AreNamedByAPlanEach) {
    for (const RegressionPatch& patch : regression_patches())
        EXPECT_TRUE(std::ranges::any_of(saved_plans(), [&](const std::string& path) {
            return read(path).kills == patch.name;
        })) << patch.name;
}

}  // namespace
}  // namespace conclave::mutants
