// From Plans of 20 faults and more, in which a mutant is caught, to small ones: how long it takes, how
// many runs, and how many Plans end with at most 3 faults within 5 s. Three finds of every mutant, each
// shrunk once: the median is over finds.

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <iostream>

#include "conclave/bench/figure.hpp"
#include "wrong_products.hpp"

namespace {

using namespace conclave::mutants;
using conclave::scenarios::ShrinkResult;

constexpr std::size_t finds_each = 3;
constexpr std::uint64_t seeds_max = 100;
constexpr std::size_t few_faults = 3;
constexpr double seconds_max = 5;

/// Of this process alone: the machine may be shared.
double seconds_since(std::clock_t begin) {
    return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

struct Samples {
    std::vector<double> seconds, runs, faults, steps;
    double few = 0, minimal = 0;
};

void add(const WrongProduct& product, const Find& find, Samples& samples) {
    const OnTrial trial(product);
    const std::clock_t begin = std::clock();
    const ShrinkResult shrunk = conclave::scenarios::shrink(
        find.plan, find.signature,
        {.runs_max = 100'000, .over = [begin] { return seconds_since(begin) > seconds_max; }},
        trial.options());
    samples.seconds.push_back(seconds_since(begin));
    samples.runs.push_back(static_cast<double>(shrunk.runs));
    samples.faults.push_back(static_cast<double>(shrunk.after.faults));
    samples.steps.push_back(static_cast<double>(shrunk.after.steps));
    samples.few += shrunk.after.faults <= few_faults ? 1 : 0;
    samples.minimal += shrunk.minimal ? 1 : 0;
    std::cerr << product.name << " seed " << find.plan.seed << ": " << shrunk.before.faults << " -> "
              << shrunk.after.faults << " faults, " << shrunk.before.clients << " -> "
              << shrunk.after.clients << " clients, " << shrunk.before.steps << " -> "
              << shrunk.after.steps << " operations, " << shrunk.runs << " runs, "
              << samples.seconds.back() << " s" << (shrunk.minimal ? "\n" : ", not minimal\n");
}

}  // namespace

int main() {
    using conclave::bench::Figure;
    using conclave::bench::median;
    Samples samples;
    const std::vector<WrongProduct> products = swept_products();
    for (const WrongProduct& product : products)
        for (const Find& find : finds_of(product, finds_each, seeds_max))
            add(product, find, samples);
    const auto finds = static_cast<double>(samples.seconds.size());
    std::cout << Figure{.name = "shrink_few_faults",
                        .median = 100 * samples.few / finds,
                        .unit = "%",
                        .target = ">=90"}
              << Figure{.name = "shrink_minimal", .median = 100 * samples.minimal / finds, .unit = "%"}
              << Figure{.name = "shrink_time",
                        .median = median(samples.seconds),
                        .unit = "s",
                        .target = "<=5"}
              << Figure{.name = "shrink_time_longest",
                        .median = *std::max_element(samples.seconds.begin(), samples.seconds.end()),
                        .unit = "s"}
              << Figure{.name = "shrink_runs", .median = median(samples.runs), .unit = "runs"}
              << Figure{.name = "shrink_faults", .median = median(samples.faults), .unit = "faults"}
              << Figure{.name = "shrink_operations", .median = median(samples.steps), .unit = "operations"};
    const bool caught = samples.seconds.size() >= 2 * products.size();
    return caught ? EXIT_SUCCESS : EXIT_FAILURE;
}
