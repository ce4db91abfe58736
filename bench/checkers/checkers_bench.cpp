// How long a verdict on linearizability takes and how much memory, over generated histories. Targets
// are the figures of a prototype on the same classes of history (docs/properties.md). Processor time;
// memory is what the allocator handed out at most during the check, the history included.

#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <new>

#include "conclave/bench/figure.hpp"
#include "conclave/properties/characteristics.hpp"
#include "workload.hpp"

namespace {

std::size_t allocated = 0, peak = 0;

void* counted(void* memory) {
    if (memory == nullptr) throw std::bad_alloc();
    allocated += ::malloc_usable_size(memory);
    peak = std::max(peak, allocated);
    return memory;
}

}  // namespace

void* operator new(std::size_t size) { return counted(std::malloc(size)); }
void operator delete(void* memory) noexcept {
    if (memory) allocated -= ::malloc_usable_size(memory);
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept { operator delete(memory); }

namespace {

using conclave::bench::Figure;
using conclave::bench::generate;
using conclave::bench::Workload;
using namespace conclave::properties;

constexpr int rounds = 5;

struct Measured {
    double milliseconds = 0;
    double bytes_per_call = 0;
    Outcome outcome = Outcome::undecided;
    std::string method;
};

Measured measure(const Workload& workload) {
    const std::size_t before = allocated;
    const Calls history = generate(workload);
    Measured measured;
    std::vector<double> samples;
    for (int round = 0; round < rounds; ++round) {
        peak = allocated;
        const std::clock_t begin = std::clock();
        const Finding finding = check_linearizable(history, workload.model);
        samples.push_back(static_cast<double>(std::clock() - begin) * 1000 / CLOCKS_PER_SEC);
        measured.outcome = finding.outcome;
        measured.method = finding.method;
        measured.bytes_per_call = static_cast<double>(peak - before) / workload.calls;
    }
    measured.milliseconds = conclave::bench::median(samples);
    return measured;
}

std::string name_of(const Workload& workload) {
    std::string model(to_string(workload.model));
    std::replace(model.begin(), model.end(), '-', '_');
    if (!workload.blocking) model = "try_" + model;
    return "check_" + model + "_" + std::to_string(workload.clients) + "_clients_" +
           std::to_string(workload.calls / 1000) + "k" + (workload.violation ? "_violated" : "");
}

/// The prototype's figures, in milliseconds.
std::string target_of(const Workload& workload) {
    const bool unique = workload.model == Model::register_;
    if (unique && workload.clients == 10 && workload.calls == 10'000) return "<=2.6";
    if (unique && workload.clients == 20 && workload.calls == 1'000) return "<=0.2";
    const bool mutex = workload.model == Model::mutex && workload.blocking;
    if (mutex && workload.clients == 10 && workload.calls == 100'000) return "<=8.7";
    return "-";
}

/// False when the verdict is wrong.
bool report(const Workload& workload) {
    const Measured measured = measure(workload);
    const Outcome expected = workload.violation ? Outcome::violated : Outcome::held;
    std::cout << Figure{.name = name_of(workload),
                        .median = measured.milliseconds,
                        .unit = "ms",
                        .target = target_of(workload)};
    std::cout << Figure{.name = name_of(workload) + "_memory",
                        .median = measured.bytes_per_call,
                        .unit = "bytes/call",
                        .target = "<=200"};
    if (measured.outcome != expected)
        std::cerr << name_of(workload) << ": " << to_string(measured.outcome) << " by "
                  << measured.method << '\n';
    return measured.outcome == expected;
}

}  // namespace

int main() {
    bool right = true;
    for (const Model model :
         {Model::register_, Model::cas_register, Model::mutex, Model::group})
        for (const std::uint32_t clients : {5U, 10U, 20U, 30U})
            for (const std::uint32_t calls : {1'000U, 10'000U, 100'000U})
                for (const bool violation : {false, true})
                    right &= report({model, clients, calls, true, violation});
    for (const std::uint32_t clients : {5U, 10U, 20U, 30U})
        for (const bool violation : {false, true})
            right &= report({Model::mutex, clients, 100'000, false, violation});
    return right ? EXIT_SUCCESS : EXIT_FAILURE;
}
