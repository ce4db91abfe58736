// Prints the trace hash of a few seeds of every built-in scenario, one line each: built with two
// compilers and compared, it finds what depends on the compiler.
//
// usage: conclave_hash_tool [LAST_SEED | FIRST_SEED LAST_SEED]   1 to 3 when none are named

#include <cstdio>
#include <cstdlib>

#include "conclave/scenarios/runner.hpp"
#include "conclave/scenarios/scenario.hpp"

int main(int argc, char** argv) {
    using namespace conclave::scenarios;
    const unsigned long first = argc > 2 ? std::strtoul(argv[1], nullptr, 10) : 1;
    const unsigned long last = argc > 1 ? std::strtoul(argv[argc - 1], nullptr, 10) : 3;
    for (const auto& [name, text] : builtin_scenarios()) {
        const Scenario scenario = parse_scenario(text, name);
        for (const std::string& driver : scenario.drivers) {
            for (unsigned long seed = first; seed <= last; ++seed) {
                const RunResult run = run_plan(draw_plan(scenario, driver, seed), {.judged = false});
                std::printf("%s %s %lu %016llx\n", name.c_str(), driver.c_str(), seed,
                            static_cast<unsigned long long>(run.trace_hash));
            }
        }
    }
}
