#pragma once

#include <cstdint>
#include <string>

#include "conclave/properties/checkers.hpp"

namespace conclave::properties {

/// "12.345 s", to the microsecond.
std::string seconds(std::int64_t nanoseconds);

inline Verdict violated(std::string property, std::string object, std::int64_t at_ns,
                        std::string reason, std::uint64_t cases) {
    return {std::move(property), Outcome::violated, std::move(reason), std::move(object), at_ns,
            cases, {}};
}

inline Verdict held_or_undecided(std::string property, std::uint64_t cases) {
    Verdict verdict;
    verdict.property = std::move(property);
    verdict.outcome = cases > 0 ? Outcome::held : Outcome::undecided;
    verdict.cases = cases;
    return verdict;
}

}  // namespace conclave::properties
