#pragma once

// Deliberately wrong drivers, one wrong each, made from the right one. Built for tests only: a
// property that none of them can break is not trusted.

#include <cstdint>
#include <string>
#include <vector>

#include "conclave/registry.hpp"

namespace conclave::mutants {

struct Mutant {
    std::string name;
    std::string wrong;      ///< the one wrong, as a sentence
    std::string scenario;   ///< where it must be caught
    std::string properties; ///< by what; more than one between blanks
    std::uint64_t seeds;    ///< within seeds 1..this
    DriverRegistry drivers;
    std::string cause = {}; ///< its own name, unless several mutants have one root cause
};

std::vector<Mutant> redis_mutants();
std::vector<Mutant> file_mutants();
std::vector<Mutant> characteristic_mutants();

}  // namespace conclave::mutants
