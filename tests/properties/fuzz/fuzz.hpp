#pragma once

// Runs checkers and oracle over drawn histories, compares, and counts.

#include <cstdint>
#include <iosfwd>
#include <string>

#include "conclave/driver.hpp"
#include "generator.hpp"

namespace conclave::fuzz {

struct Count {
    std::uint64_t histories = 0;
    std::uint64_t violating = 0;
    std::uint64_t unknown = 0;     ///< histories with a call of unknown outcome
    std::uint64_t messages = 0;    ///< with messages between sessions
    std::uint64_t expiring = 0;    ///< with a lease or session that may end before the last return
    std::uint64_t undecided = 0;   ///< outside the class that the checker decides
    std::uint64_t by_monitor = 0;  ///< decided without a search
    std::string disagreement;      ///< the first one, in full; empty when there is none
};

/// Judges `history` by checker and oracle, with monitors and without, and counts.
void compare(const properties::Calls& history, properties::Model model,
             Characteristic characteristic, bool strict, Count& count);

/// "history:" and one line a call.
std::string list(const properties::Calls& history);

/// How many histories a test should draw: CONCLAVE_FUZZ_HISTORIES, or `usual`.
std::uint64_t histories_wanted(std::uint64_t usual);
/// From which seed on: CONCLAVE_FUZZ_SEED, or 1.
std::uint64_t first_seed();

}  // namespace conclave::fuzz
