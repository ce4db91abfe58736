#pragma once

// What `conclave sim run` was asked to do.

#include <cstdint>
#include <string>
#include <vector>

#include "conclave/scenarios/runner.hpp"
#include "conclave/scenarios/scenario.hpp"

namespace conclave::tool {

/// The exit codes. Where several apply: 70, then 2, 3, 1, 4, 5.
enum Exit : int {
    all_held = 0,
    property_violated = 1,
    usage = 2,
    not_deterministic = 3,
    nothing_ran = 4,
    undecided = 5,
    internal = 70,
};

struct RunArguments {
    std::string program;                 ///< how the tool was called, for the replay line
    std::vector<std::string> globs;
    std::vector<std::string> drivers;
    std::string seeds = "1..100";
    std::uint64_t first_seed = 1;
    std::uint64_t last_seed = 100;
    unsigned jobs = 1;
    std::string shard;
    std::uint64_t shard_index = 1;
    std::uint64_t shard_count = 1;
    std::string faults;                  ///< of the drawn ones only these kinds; all when empty
    std::string scenario_folder;
    std::string out = ".conclave/failures";
    std::string json;
    std::string junit;
    std::string progress = "auto";
    std::string determinism;
    std::uint64_t check_every = 0;       ///< 0: never
    std::string time_limit;
    std::int64_t time_limit_ns = 0;      ///< 0: none
    bool fail_fast = false;
    bool no_shrink = false;
    /// Whether all seeds are run as their scenario draws them. What a sweep as a whole has to show is
    /// not judged by a part of it.
    bool whole() const { return shard_count == 1 && faults.empty(); }
};

/// One scenario on one configuration.
struct Unit {
    scenarios::Scenario scenario;
    std::string driver;
};

/// What one seed of a unit came to; small, since it crosses a pipe.
struct SeedResult {
    std::uint64_t seed = 0;
    std::uint64_t trace_hash = 0;
    std::uint64_t operations = 0;
    std::uint64_t faults = 0;
    std::uint64_t unknown = 0;
    std::int64_t simulated_ns = 0;
    properties::Coverage coverage = {};  ///< of the characteristics, when they are judged
    struct Judged {
        std::string property;
        properties::Outcome outcome = properties::Outcome::undecided;
        bool claimed = false;
        std::uint64_t cases = 0;  ///< coverage
        bool claimed_by_foil = false;
        std::string reason = {};  ///< why it is undecided, where that is known
    };
    std::vector<Judged> judged;
    std::vector<std::string> milestones;  ///< that it reached
    std::string crash;       ///< what ended the worker, when it died on this seed
    std::string divergence;  ///< the first event that differed, when checked and different
};

int run_command(RunArguments arguments);
int list_command(const std::string& what, bool json);

/// `text` as a decimal number. Errors: scenarios::FileError naming `what`.
std::uint64_t number(const std::string& text, const std::string& what);
/// "N" for 1..N, or "A..B". Errors: scenarios::FileError.
void read_seeds(RunArguments& arguments);
/// The Plan in a file, or with `seed` the one that a scenario draws from it; the scenario's first
/// driver when none is named. Errors: scenarios::FileError.
scenarios::Plan plan_of(const std::string& plan_or_scenario, const std::string& seed,
                        const std::string& driver);
/// "90s" or "10m" in nanoseconds. Errors: scenarios::FileError naming `option`.
std::int64_t real_time(const std::string& text, const std::string& option);
/// Reads a Plan file. Errors: scenarios::FileError.
scenarios::Plan read_plan_file(const std::string& path);
/// Built-in scenarios, or those of `folder`, whose name matches one of `globs` (all when empty).
std::vector<scenarios::Scenario> select_scenarios(const std::vector<std::string>& globs,
                                                  const std::string& folder);

}  // namespace conclave::tool
