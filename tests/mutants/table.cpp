// Every mutant, and how many seeds it takes under each way to draw Plans, as Markdown on stdout:
// docs/mutants.md. One first seed is luck, so each way has five ranges of seeds of its own.
//
// usage: conclave_mutant_table [SEEDS]   for each way; 200 when none are named, at least 5

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "../scenarios/support.hpp"
#include "rows.hpp"
#include "suites.hpp"

namespace conclave::mutants {
namespace {

using scenarios::Plan;
using scenarios::Scenario;
using scenarios::Search;

constexpr std::uint64_t ranges = 5;
constexpr std::uint64_t quiet_seeds = 20;

struct Strategy {
    const char* name;
    Search search;
    bool always_priorities = false;
    bool faults = true;
};

const std::vector<Strategy>& strategies() {
    static const std::vector<Strategy> all{
        {"all", {}},
        {"swarm", {.swarm = true, .near_lease = false, .priorities = false}},
        {"near the lease", {.swarm = false, .near_lease = true, .priorities = false}},
        {"priorities", {.swarm = false, .near_lease = false, .priorities = true}},
        {"none", {.swarm = false, .near_lease = false, .priorities = false}},
        {"pure PCT", {.swarm = false, .near_lease = false, .priorities = false}, true},
    };
    return all;
}

bool catches(const WrongProduct& product, const Scenario& scenario, const Strategy& strategy,
             std::uint64_t seed) {
    Plan plan = draw_plan(scenario, scenario.drivers.front(), seed, strategy.search);
    if (!strategy.faults) plan.faults.clear();
    plan.priority_scheduling = plan.priority_scheduling || strategy.always_priorities;
    return is_caught(product, plan, product.properties.front());
}

struct Found {
    std::uint64_t median = 0;  ///< of the ranges' first seeds, counted from 1; 0 when most have none
    std::uint64_t seeds = 0;   ///< that catch it
};

Found try_strategy(const WrongProduct& product, const Strategy& strategy, std::uint64_t seeds) {
    const Scenario scenario = scenarios::builtin(product.scenario);
    const std::uint64_t length = seeds / ranges;
    Found found;
    std::vector<std::uint64_t> firsts;
    for (std::uint64_t range = 0; range < ranges; ++range) {
        std::uint64_t first = length + 1;
        for (std::uint64_t seed = 1; seed <= length; ++seed) {
            if (!catches(product, scenario, strategy, range * length + seed)) continue;
            first = std::min(first, seed);
            ++found.seeds;
        }
        firsts.push_back(first);
    }
    std::ranges::sort(firsts);
    found.median = firsts[ranges / 2] <= length ? firsts[ranges / 2] : 0;
    return found;
}

bool shows_without_faults(const WrongProduct& product) {
    const Scenario scenario = scenarios::builtin(product.scenario);
    const Strategy quiet{.name = "", .search = {}, .faults = false};
    for (std::uint64_t seed = 1; seed <= quiet_seeds; ++seed)
        if (catches(product, scenario, quiet, seed)) return true;
    return false;
}

struct Totals {
    std::vector<std::uint64_t> caught = std::vector<std::uint64_t>(strategies().size());
    std::vector<std::size_t> fast = std::vector<std::size_t>(strategies().size());
    std::size_t contract = 0;
    std::size_t swept = 0;
    std::size_t quiet = 0;
};

void print_row(const WrongProduct& product, std::uint64_t seeds, Totals& totals) {
    const bool contract = first_failing_contract(product.name).empty();
    totals.contract += contract ? 1 : 0;
    std::cout << row_head(product) << " | " << (contract ? "yes" : "no");
    if (product.by_test()) {
        for (std::size_t i = 0; i <= strategies().size(); ++i) std::cout << " | -";
        std::cout << " |" << std::endl;
        return;
    }
    ++totals.swept;
    const bool shows = shows_without_faults(product);
    totals.quiet += shows ? 0 : 1;
    std::cout << " | " << (shows ? "yes" : "no");
    std::vector<std::uint64_t> medians;
    for (std::size_t i = 0; i < strategies().size(); ++i) {
        const Found found = try_strategy(product, strategies()[i], seeds);
        totals.caught[i] += found.seeds;
        medians.push_back(found.median ? found.median : seeds);
        std::cout << " | "
                  << (found.median ? std::to_string(found.median)
                                   : ">" + std::to_string(seeds / ranges))
                  << " (" << found.seeds << ")";
    }
    const std::uint64_t best = std::ranges::min(medians);
    for (std::size_t i = 0; i < medians.size(); ++i) totals.fast[i] += medians[i] == best ? 1 : 0;
    std::cout << " |" << std::endl;
}

void print_head(std::uint64_t seeds) {
    std::cout
        << "# Mutants\n\n"
           "Written by `scripts/soak`; do not edit. Deliberately wrong products, one changed "
           "decision each\n([wrapped](../tests/mutants), [patched](../tests/mutants/patches)), "
           "where each must be caught, by what,\nand within how many seeds: tests hold the right "
           "product to the same seeds. Kind *script*: what the\nsimulated server runs in place of "
           "the driver's Lua. What no run can show, or hardly, is caught by a\nunit test.\n\n"
           "`contract` tells whether it passes the whole driver contract, which knows no faults; "
           "`quiet` whether\nits scenario catches it without faults, in "
        << quiet_seeds
        << " seeds. Then, for each way to draw Plans: the median over\nfive ranges of "
        << seeds / ranges << " seeds of the first that catches it, and how many of all "
        << seeds / ranges * ranges
        << " do.\n*all* is how sweeps draw; the next three have one part of it alone: kinds of "
           "faults drawn for each\nseed, lengths near the lease's, random priorities for a quarter "
           "of the seeds. *pure PCT* has them for\nevery seed.\n\n"
           "| mutant | kind | where | by | seeds | contract | quiet";
    for (const Strategy& strategy : strategies()) std::cout << " | " << strategy.name;
    std::cout << " |\n|---|---|---|---|---|---|---";
    for (std::size_t i = 0; i < strategies().size(); ++i) std::cout << "|---";
    std::cout << "|\n";
}

void print_table(std::uint64_t seeds) {
    print_head(seeds);
    Totals totals;
    for (const WrongProduct& product : wrong_products()) print_row(product, seeds, totals);
    std::cout << "| catching seeds in all | | | | | |";
    for (const std::uint64_t caught : totals.caught) std::cout << " | " << caught;
    std::cout << " |\n| smallest median of the row | | | | | |";
    for (const std::size_t fast : totals.fast) std::cout << " | " << fast;
    std::cout << " |\n\n"
              << summary(wrong_products()) << "\n\n"
              << totals.contract << " pass the contract. " << totals.quiet << " of the "
              << totals.swept << " that runs catch are not seen without faults.\n\n"
              << "`replica_reads_current` has no mutant: it claims nothing, and shows how servers are "
                 "configured\n(`redis/violations/r7`, `redis/control/replica_read_same_clock`).\n";
}

}  // namespace
}  // namespace conclave::mutants

int main(int argc, char** argv) {
    const std::uint64_t seeds = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 200;
    if (seeds < conclave::mutants::ranges) {
        std::cerr << "error: expected a number of seeds, at least " << conclave::mutants::ranges
                  << "\n";
        return 2;
    }
    conclave::mutants::print_table(seeds);
}
