// Mutants against the suites that know no faults: most of them must pass the driver contract, or the
// simulator would find nothing that the contract does not; and what no run can show is caught by the
// unit tests.

#include "suites.hpp"

#include <gtest/gtest.h>

#include <iostream>

namespace conclave::mutants {
namespace {

constexpr std::size_t passing_min = 20;

TEST(MutantSuites, TheRightProductKeepsTheContract) {
    EXPECT_EQ(first_failing_contract("right"), "");
}

TEST(MutantSuites, TwentyMutantsAndMoreKeepTheContract) {
    std::size_t passing = 0;
    for (const WrongProduct& product : wrong_products()) {
        const std::string failed = first_failing_contract(product.name);
        passing += failed.empty() ? 1 : 0;
        if (!failed.empty()) std::cout << product.name << " fails " << failed << std::endl;
    }
    EXPECT_GE(passing, passing_min);
    RecordProperty("passing", static_cast<int>(passing));
    std::cout << passing << " of " << wrong_products().size() << " pass" << std::endl;
}

TEST(MutantSuites, UnitTestsCatchWhatIsTheirs) {
    for (const WrongProduct& product : wrong_products()) {
        if (!product.by_test()) continue;
        const std::string& test = product.properties.front();
        EXPECT_EQ(first_failing_test("right", test), "");
        EXPECT_EQ(first_failing_test(product.name, test), test) << product.name;
    }
}

}  // namespace
}  // namespace conclave::mutants
