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
    struct Judged {
        std::string property;
        properties::Outcome outcome = properties::Outcome::undecided;
        bool claimed = false;
    };
    std::vector<Judged> judged;
    std::string crash;       ///< what ended the worker, when it died on this seed
    std::string divergence;  ///< the first event that differed, when checked and different
};

int run_command(RunArguments arguments);
int replay_command(const std::string& program, const std::string& plan_or_scenario,
                   const std::string& seed, const std::string& driver, bool trace);
int list_command(const std::string& what);

/// `text` as a decimal number. Errors: scenarios::FileError naming `what`.
std::uint64_t number(const std::string& text, const std::string& what);
/// Reads a Plan file. Errors: scenarios::FileError.
scenarios::Plan read_plan_file(const std::string& path);
/// Built-in scenarios, or those of `folder`, whose name matches one of `globs` (all when empty).
std::vector<scenarios::Scenario> select_scenarios(const std::vector<std::string>& globs,
                                                  const std::string& folder);

}  // namespace conclave::tool
