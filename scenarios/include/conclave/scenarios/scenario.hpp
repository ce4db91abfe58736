#pragma once

// A scenario: the family of runs that a TOML file describes. A seed draws one Plan from it.
// Keys: docs/scenarios.md.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "conclave/scenarios/plan.hpp"

namespace conclave::scenarios {

/// Both ends included.
struct DurationRange {
    Duration low{};
    Duration high{};
};

struct Scenario {
    std::string name;  ///< path below scenarios/ without .toml
    std::string title;
    std::vector<std::string> drivers;
    std::string workload;
    std::string label;
    std::int64_t clients = 3;
    std::int64_t objects = 1;
    Duration duration = std::chrono::seconds(60);
    Duration progress_within{};  ///< required
    Duration wait = std::chrono::seconds(5);
    std::string face = "mixed";  ///< handles, coordinator, or each client one of them
    bool must_keep = false;
    bool resource = false;
    bool characteristics = false;
    bool tenfold = false;
    std::string deployment = "hosts";
    DurationRange think{std::chrono::milliseconds(20), std::chrono::milliseconds(400)};
    DurationRange hold{std::chrono::milliseconds(5), std::chrono::milliseconds(200)};
    sim::LinkOptions link;
    std::int64_t clock_rate_ppm_max = 0;
    DurationRange wall_offset{};
    ServerPlan server;
    Options driver_options;
    std::vector<std::string> outside_envelope;
    std::vector<std::string> must_violate;
    std::vector<std::string> sometimes;  ///< milestones that some seed of a sweep has to reach

    std::vector<FaultAction> fault_kinds;  ///< the swarm draws from these
    std::int64_t budget_min = 0;
    std::int64_t budget_max = 0;
    DurationRange fault_length{std::chrono::milliseconds(50), std::chrono::seconds(15)};
    std::vector<Fault> scripted;
    std::vector<std::vector<Step>> scripted_steps;  ///< per client; replaces drawn steps
};

/// Errors: FileError "file:line: unknown key 'x', expected one of ...".
Scenario parse_scenario(const std::string& text, const std::string& name);

/// How Plans are drawn so that few seeds suffice; each can be left out, to see what it is good for.
struct Search {
    bool swarm = true;       ///< each seed draws which kinds of faults it has; else it has all
    bool near_lease = true;  ///< half of the faults last about as long as a lease; else none on purpose
    bool priorities = true;  ///< a quarter of the seeds schedules by random priorities; else none
    bool anchors = true;     ///< half of the seeds hang faults on moments; else all fall at any time
};

/// The same for the same scenario, configuration, seed and search.
Plan draw_plan(const Scenario& scenario, const std::string& driver, std::uint64_t seed,
               const Search& search = {});

/// The scenarios that are compiled in, sorted by name.
std::vector<std::pair<std::string, std::string>> builtin_scenarios();
/// Those below `folder`. Errors: FileError when it cannot be read.
std::vector<std::pair<std::string, std::string>> scenarios_in(const std::string& folder);
/// Whether `name` matches `glob`: `*` and `?` do not cross '/', `**` does.
bool matches(std::string_view glob, std::string_view name);

}  // namespace conclave::scenarios
