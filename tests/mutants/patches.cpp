#include "patches.hpp"

namespace conclave::mutants {

int chosen = 0;

std::vector<Patch> patches() {
    return {
#include "patches.inc"
    };
}

std::vector<RegressionPatch> regression_patches() {
    return {
#include "regression_patches.inc"
    };
}

}  // namespace conclave::mutants
