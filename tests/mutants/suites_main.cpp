// Runs the suites that were linked in against one mutant.
//
// usage: conclave_mutant_suites MUTANT|right [gtest options]

#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>

#include "live/contract/drivers_under_test.hpp"
#include "mutants/patches.hpp"
#include "mutants/wrong_products.hpp"

int main(int argc, char** argv) {
    using namespace conclave;
    testing::InitGoogleTest(&argc, argv);
    const std::string name = argc > 1 ? argv[1] : "";
    if (name == "right") return RUN_ALL_TESTS();
    const auto& products = mutants::wrong_products();
    const auto found = std::ranges::find(products, name, &mutants::WrongProduct::name);
    if (found == products.end()) {
        std::cerr << "error: no mutant is called '" << name << "', expected one or 'right'\n";
        return 2;
    }
    if (found->drivers) contract::drivers_under_test() = *found->drivers;
    mutants::chosen = found->patch;
    return RUN_ALL_TESTS();
}
