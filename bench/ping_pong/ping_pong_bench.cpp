// Delivered messages a second over SimNetwork: 64 bytes each, read one by one, with deadlines, the
// trace hash on and faults of every kind falling. The peer is what is left when everything but
// fibers, a heap of events and the hash is taken away. Seconds are those of the processor: a rate per
// core, also on a machine that others use.

#include <ctime>
#include <iostream>

#include "bare_loop.hpp"
#include "conclave/bench/figure.hpp"
#include "faulty_pairs.hpp"

namespace {

using conclave::bench::FaultyPairs;
using conclave::bench::Figure;

constexpr int rounds = 7;
constexpr std::uint64_t messages = 2'000'000;

double rate(FaultyPairs& pairs) {
    const std::clock_t begin = std::clock();
    const std::uint64_t delivered = pairs.run_messages(messages);
    const double spent = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    return static_cast<double>(delivered) / spent;
}

void print_fault_rates(const char* name, FaultyPairs& pairs) {
    const auto& counters = pairs.counters();
    const double millions = static_cast<double>(counters.messages_delivered) / 1e6;
    std::cout << "# " << name << " faults per million messages:";
    for (const auto& [fault, count] : pairs.faults())
        std::cout << ' ' << fault << '=' << static_cast<double>(count) / millions;
    std::cout << " retransmission=" << static_cast<double>(counters.retransmissions) / millions
              << " segment_cut=" << static_cast<double>(counters.segments_cut) / millions << '\n';
}

}  // namespace

int main() {
    FaultyPairs two(2, 1);
    FaultyPairs hundred(100, 1);
    two.run_messages(messages / 10);
    hundred.run_messages(messages / 10);
    const std::vector<double> medians = conclave::bench::interleave(
        rounds, {[&] { return rate(two); },
                 [] { return conclave::bench::bare_loop_rate(2, messages); },
                 [&] { return rate(hundred); },
                 [] { return conclave::bench::bare_loop_rate(100, messages); }});
    std::cout << Figure{.name = "sim_ping_pong_2_nodes",
                        .median = medians[0],
                        .unit = "messages/s",
                        .target = ">=5000000",
                        .ratio = medians[0] / medians[1],
                        .peer = "bare_fibers_heap_hash"}
              << Figure{.name = "sim_ping_pong_100_nodes",
                        .median = medians[2],
                        .unit = "messages/s",
                        .target = ">=" + std::to_string(static_cast<long>(medians[0] / 2)),
                        .ratio = medians[2] / medians[3],
                        .peer = "bare_fibers_heap_hash"};
    print_fault_rates("2_nodes", two);
    print_fault_rates("100_nodes", hundred);
}
