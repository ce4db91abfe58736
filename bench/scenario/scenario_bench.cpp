// How many seeds of a lock scenario one core judges in a minute: drawing, 60 s of simulated time,
// trace hash and checkers included. A seed that does too little would flatter the figure: the
// program fails when one has fewer than 200 acquisitions on average or fewer than 4 faults.

#include <sys/resource.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <iostream>

#include "conclave/bench/figure.hpp"
#include "conclave/scenarios/runner.hpp"
#include "conclave/scenarios/scenario.hpp"

namespace {

using namespace conclave::scenarios;

constexpr int rounds = 5;
constexpr std::uint64_t acquisitions_min = 200;
constexpr std::uint64_t faults_min = 4;

const char* const lock_scenario = R"(
title = "three clients, one lock, 60 s"
workload = "lock"
drivers = ["redis", "redis-sentinel"]
clients = 3
duration = "45s"
progress_within = "15s"
think = ["150ms", "700ms"]
hold = ["5ms", "150ms"]
driver_options = {timeout = "4"}
[faults]
kinds = ["partition", "one_way", "clog", "reset", "request_lost", "reply_lost", "pause"]
budget = [4, 6]
length = ["50ms", "6s"]
)";

struct Effort {
    std::uint64_t seeds = 0;
    std::uint64_t operations = 0;
    std::uint64_t faults_least = UINT64_MAX;
};

double seeds_per_minute(const Scenario& scenario, const std::string& driver, std::uint64_t seeds,
                        Effort& effort) {
    const std::clock_t begin = std::clock();  // of this process alone: the machine may be shared
    for (std::uint64_t i = 0; i < seeds; ++i) {
        const RunResult run = run_plan(draw_plan(scenario, driver, 1 + effort.seeds++));
        effort.operations += run.operations;
        effort.faults_least = std::min(effort.faults_least, run.faults);
    }
    const double elapsed = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    return static_cast<double>(seeds) * 60 / elapsed;
}

/// An acquisition that succeeded is two operations: it was released.
bool enough(const Effort& effort, const char* name) {
    const std::uint64_t acquisitions = effort.operations / effort.seeds / 2;
    std::cerr << name << ": " << acquisitions << " acquisitions a seed, at least "
              << effort.faults_least << " faults\n";
    return acquisitions >= acquisitions_min && effort.faults_least >= faults_min;
}

double resident_megabytes() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;
}

}  // namespace

int main() {
    using conclave::bench::Figure;
    const Scenario scenario = parse_scenario(lock_scenario, "bench/lock");
    Effort single, replicated;
    seeds_per_minute(scenario, "redis", 20, single);  // warms up
    const std::vector<double> medians = conclave::bench::interleave(
        rounds, {[&] { return seeds_per_minute(scenario, "redis", 200, single); },
                 [&] { return seeds_per_minute(scenario, "redis-sentinel", 20, replicated); }});
    std::cout << Figure{.name = "lock_scenario_single",
                        .median = medians[0],
                        .unit = "seeds/min/core",
                        .target = ">=6000"}
              << Figure{.name = "lock_scenario_sentinel",
                        .median = medians[1],
                        .unit = "seeds/min/core",
                        .ratio = medians[1] / medians[0],
                        .peer = "lock_scenario_single"}
              << Figure{.name = "lock_scenario_memory",
                        .median = resident_megabytes(),
                        .unit = "MB",
                        .target = "<=50"};
    const bool worth = enough(single, "single") & enough(replicated, "sentinel");
    return worth ? EXIT_SUCCESS : EXIT_FAILURE;
}
