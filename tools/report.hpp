#pragma once

// What a run prints and writes.

#include <chrono>
#include <map>

#include "conclave/scenarios/shrink.hpp"
#include "run_options.hpp"

namespace conclave::tool {

/// All seeds of one unit, added up.
struct UnitResult {
    std::string scenario;
    std::string driver;
    std::uint64_t seeds = 0;
    std::uint64_t operations = 0;
    std::uint64_t faults = 0;
    std::uint64_t unknown = 0;
    std::uint64_t crashes = 0;
    std::uint64_t divergences = 0;
    struct Property {
        bool claimed = false;
        bool claimed_by_foil = false;
        std::uint64_t held = 0;
        std::uint64_t violated = 0;
    };
    std::map<std::string, Property> properties;
    std::uint64_t saved_violated = 0;  ///< saved Plans that still violate a claim
    std::vector<std::string> missed_duties;  ///< must_violate, and nothing did
    std::vector<std::string> open_duties;    ///< the same, but --for ended before the last seed
    std::uint64_t saved_run = 0;             ///< saved Plans that were run
    std::map<std::string, std::uint64_t> milestones;  ///< seeds that reached each
    std::vector<std::string> missed_milestones;       ///< asked for, and no seed reached them
    bool whole = true;  ///< all seeds, so that what none of them showed counts
    bool failed() const;
    /// A claimed property that no seed exercised, an open duty, or a milestone that no seed reached.
    bool undecided() const;
};

/// One violation as it is shown.
struct Counterexample {
    const scenarios::Plan& plan;
    const scenarios::RunResult& run;
    std::string property;
    std::string replay;     ///< the command that shows it again
    std::string plan_path;
    std::int64_t real_ms = 0;
    const scenarios::ShrinkResult* shrunk = nullptr;  ///< what `plan` comes from, when it was shrunk
    std::string whole = {};  ///< where the Plan is that was shrunk, if that is another
};
/// At most 25 lines; empty when the run does not violate the property.
std::string to_text(const Counterexample& counterexample);

void print_table_header();
void print_row(const UnitResult& result);

/// Runs as JSON, one row a seed, and as JUnit, one case a scenario and driver.
/// Errors: scenarios::FileError when the file cannot be written.
class Exporter {
public:
    void add(const Unit& unit, const SeedResult& result, const std::string& plan_path);
    void add(const UnitResult& result) { units_.push_back(result); }
    void write(const RunArguments& arguments) const;

private:
    struct Row {
        std::string scenario, driver, verdict, plan;
        std::uint64_t seed = 0, trace_hash = 0;
        bool claimed = false;
    };
    std::vector<Row> rows_;
    std::vector<UnitResult> units_;
};

/// "-" is stdout. Errors: scenarios::FileError when the file cannot be written.
void write_file(const std::string& path, const std::string& text);

std::int64_t milliseconds_since(std::chrono::steady_clock::time_point began);

}  // namespace conclave::tool
