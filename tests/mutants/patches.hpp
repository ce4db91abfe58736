#pragma once

// Mutants of the product's own sources, one changed decision each; see patch.cmake. All of them are in
// one program, and one at a time is chosen.

#include <cstdint>
#include <vector>

namespace conclave::mutants {

/// Read by the changed sources; 0 is the right product.
extern int chosen;

struct Patch {
    int number;
    const char* name;
    const char* file;        ///< the changed source
    const char* wrong;       ///< the one wrong, as a sentence
    const char* cause;       ///< its own name, unless several mutants have one root cause
    const char* scenario;    ///< or the folder of a unit test
    const char* properties;  ///< one or more, between blanks; or the name of the test
    std::uint64_t seeds;
};

std::vector<Patch> patches();

/// The bug of a saved Plan, put back: found by the Plan that names it, not by few seeds.
struct RegressionPatch {
    int number;
    const char* name;
    const char* wrong;
};
std::vector<RegressionPatch> regression_patches();

}  // namespace conclave::mutants
