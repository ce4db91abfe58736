#include "mutants.hpp"

#include <gtest/gtest.h>

#include "../scenarios/support.hpp"

namespace conclave::mutants {
namespace {

class Mutants : public testing::TestWithParam<Mutant> {};

TEST_P(Mutants, AreCaughtWhereTheRightDriverHolds) {
    const Mutant& mutant = GetParam();
    const scenarios::Scenario scenario = scenarios::builtin(mutant.scenario);
    const std::uint64_t caught =
        scenarios::first_violation(scenario, mutant.property, mutant.seeds,
                                   {.drivers = &mutant.drivers});
    ASSERT_NE(caught, 0u) << mutant.wrong << ": not caught by " << mutant.property << " in "
                          << mutant.seeds << " seeds of " << mutant.scenario;
    RecordProperty("caught_by_seed", static_cast<int>(caught));
    EXPECT_EQ(scenarios::first_violation(scenario, mutant.property, caught), 0u)
        << "the right driver is blamed too";
}

std::string name_of(const testing::TestParamInfo<Mutant>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(Redis, Mutants, testing::ValuesIn(redis_mutants()), name_of);
INSTANTIATE_TEST_SUITE_P(File, Mutants, testing::ValuesIn(file_mutants()), name_of);

}  // namespace

}  // namespace conclave::mutants
