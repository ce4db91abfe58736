#pragma once

// Fault-free suites against mutants, each in a process of its own: a mutant may crash it.

#include <string>
#include <vector>

#include "wrong_products.hpp"

namespace conclave::mutants {

/// The first test of `filter` that fails for `mutant` ("right" for none); empty when all pass. A run
/// that ends in any other way counts as a failure of "the process".
std::string first_failing_test(const std::string& mutant, const std::string& filter);
/// The whole driver contract and the seed's test-suite, in every simulated place.
std::string first_failing_contract(const std::string& mutant);

}  // namespace conclave::mutants
