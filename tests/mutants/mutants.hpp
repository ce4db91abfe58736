#pragma once

// Deliberately wrong drivers, one wrong each, made from the right one. Built for tests only: a
// property that none of them can break is not trusted.

#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

#include "conclave/registry.hpp"

namespace conclave::mutants {

struct Mutant {
    std::string name;
    std::string wrong;      ///< the one wrong, as a sentence
    std::string scenario;   ///< where it must be caught
    std::string property;   ///< by what
    std::uint64_t seeds;    ///< within seeds 1..this
    DriverRegistry drivers;
    friend std::ostream& operator<<(std::ostream& out, const Mutant& mutant) {
        return out << mutant.name;
    }
};

std::vector<Mutant> redis_mutants();
std::vector<Mutant> file_mutants();

}  // namespace conclave::mutants
