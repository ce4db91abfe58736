#pragma once

// The matrix itself: sweeps added up by configuration and characteristic.

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "conclave/driver.hpp"
#include "conclave/properties/characteristics.hpp"
#include "run_options.hpp"

namespace conclave::tool {

/// In the order of the table.
inline constexpr std::array characteristics_in_order{
    Characteristic::linearizable,
    Characteristic::sequential,
    Characteristic::causal,
    Characteristic::serializable,
    Characteristic::same_view_across_clients,
    Characteristic::same_view_under_partitions,
    Characteristic::non_timeout_based,
    Characteristic::distributed_across_threads,
    Characteristic::distributed_across_processes,
    Characteristic::distributed_across_hosts};

/// One characteristic of one configuration over all its sweeps.
struct Cell {
    bool claimed = false;
    bool claimed_by_foil = false;  ///< by tooz, whose algorithm the configuration follows
    std::uint64_t held = 0;                        ///< runs
    std::uint64_t violated = 0;                    ///< runs
    std::uint64_t undecided = 0;                   ///< runs
    std::map<std::string, std::uint64_t> reasons;  ///< why they are, and how many are so
    // Of the runs that held it:
    std::uint64_t cases = 0;  ///< what its checkers counted: each of them says what
    properties::Coverage coverage;
    std::uint64_t faults = 0;

    std::string driver;  ///< of the first run that violated it, as are the rest
    std::string scenario;
    std::uint64_t seed = 0;
    std::string minimal;  ///< the command that shows it small; empty when nobody shrank it

    /// Runs that must have held it before it is called so: one alone may be luck.
    std::uint64_t held_min = 1;
    properties::Outcome outcome() const {
        if (violated > 0) return properties::Outcome::violated;
        return held >= held_min && cases > 0 ? properties::Outcome::held
                                             : properties::Outcome::undecided;
    }
};

struct Matrix {
    std::vector<std::string> drivers;  ///< the columns
    std::map<std::string, std::map<std::string, Cell>> cells;  ///< by driver, by characteristic
    /// What is violated once an assumption does not hold: by driver and assumption. A violation that
    /// happens inside the envelope too tells nothing of the assumption and is left out.
    std::map<std::string, std::map<std::string, std::set<std::string>>> outside;
    std::uint64_t held_min = 1;  ///< of every cell
    std::uint64_t runs = 0;
    std::uint64_t crashes = 0;

    void add(const Unit& unit, const SeedResult& seed);
    /// A claim of whatever kind was violated.
    bool any_claim_violated() const;
    /// One of the ten is claimed, and no run decided it.
    bool any_claim_undecided() const;
};

/// Whether to_text() shows a property: the ten, their readings and what supports them.
bool is_printed(const std::string& property);
/// Every cell with its coverage, or with the command that shows its counterexample.
std::string to_text(const Matrix& matrix, const std::string& program);
/// A table for a page: no figures that change with every sweep.
std::string to_markdown(const Matrix& matrix);
std::string to_json(const Matrix& matrix);

}  // namespace conclave::tool
