// A scenario of the user's own, run over a few seeds: the Redis driver against a simulated server
// that stands still for longer than a lease.

#include <iostream>

#include "conclave/scenarios/runner.hpp"
#include "conclave/scenarios/scenario.hpp"

namespace scenarios = conclave::scenarios;

namespace {

constexpr const char* text = R"(
title = "a lock while clients and server pause"
workload = "lock"
drivers = ["redis"]
clients = 3
duration = "20s"
progress_within = "25s"
driver_options = {lock_timeout = "4", membership_timeout = "4"}
[faults]
kinds = ["pause"]
budget = [2, 4]
length = ["100ms", "9s"]
)";

bool holds(const scenarios::RunResult& run) {
    for (const scenarios::Judgement& judgement : run.judgements) {
        if (!judgement.failed()) continue;
        std::cout << judgement.verdict.property << ": " << judgement.verdict.reason << '\n';
        return false;
    }
    return run.operations > 0;
}

}  // namespace

int main() {
    const scenarios::Scenario scenario = scenarios::parse_scenario(text, "paused_lock");
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        const scenarios::RunResult run =
            scenarios::run_plan(scenarios::draw_plan(scenario, "redis", seed));
        std::cout << "seed " << seed << ": " << run.operations << " operations, " << run.faults
                  << " faults\n";
        if (!holds(run)) return 1;
    }
    return 0;
}
