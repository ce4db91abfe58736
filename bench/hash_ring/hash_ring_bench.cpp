// A ring of 100 nodes with 32 points each: building it, a node that comes and goes, the owner of a
// key and three replicas. The peer, python3-tooz, does the same work in a process of its own, in
// turn; keys are formatted in both. Then how little a lookup grows from 100 to 10,000 nodes.

#include <chrono>
#include <iostream>
#include <string>

#include "child_process.hpp"
#include "conclave/bench/figure.hpp"
#include "conclave/hash_ring.hpp"

namespace {

using conclave::HashRing;
using conclave::NodeWeights;

constexpr int rounds = 7;

NodeWeights names(int count) {
    NodeWeights nodes;
    for (int i = 0; i < count; ++i) nodes["node-" + std::to_string(i)] = 1;
    return nodes;
}

std::string key(int number) { return "key-" + std::to_string(number); }

/// What the work came to is printed, so that no compiler may drop it.
std::size_t checksum = 0;

template <class Work>
double nanoseconds_each(int count, Work work) {
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < count; ++i) work(i);
    const std::chrono::duration<double, std::nano> spent = std::chrono::steady_clock::now() - start;
    return spent.count() / count;
}

double build(int nodes, int count) {
    return nanoseconds_each(count, [&](int) { checksum += HashRing(names(nodes)).partitions(); });
}

double change(int nodes, int count) {
    HashRing ring(names(nodes));
    return nanoseconds_each(count, [&](int) {
        ring.add_node("fresh");
        ring.remove_node("fresh");
    });
}

double owner(int nodes, int count) {
    const HashRing ring(names(nodes));
    return nanoseconds_each(count, [&](int i) { checksum += ring[key(i)].front().size(); });
}

double replicas(int nodes, int count) {
    const HashRing ring(names(nodes));
    return nanoseconds_each(count,
                            [&](int i) { checksum += ring.get_nodes(key(i), {}, 3).size(); });
}

class Tooz {
public:
    double nanoseconds(const std::string& work, int nodes, int count) {
        process_.write_line(work + " " + std::to_string(nodes) + " " + std::to_string(count));
        return std::stod(process_.read_line()) * 1e9;
    }

private:
    conclave::live::ChildProcess process_{
        {.arguments = {"/usr/bin/python3", CONCLAVE_TOOZ_RING_BENCH}, .piped = true}};
};

void run() {
    using namespace conclave::bench;
    Tooz tooz;
    struct Subject {
        std::string name;
        double (*ours)(int nodes, int count);
        int count;
        int tooz_count;
    };
    for (const Subject& subject :
         {Subject{"build", build, 100, 10}, Subject{"change", change, 1'000, 100},
          Subject{"owner", owner, 200'000, 20'000},
          Subject{"replicas", replicas, 200'000, 20'000}}) {
        const std::vector<double> medians = interleave(
            rounds, {[&] { return subject.ours(100, subject.count); },
                     [&] { return tooz.nanoseconds(subject.name, 100, subject.tooz_count); }});
        std::cout << Figure{"hash_ring_" + subject.name, medians[0], "ns", "<=0.5x",
                            medians[0] / medians[1],     "tooz"};
    }
    const std::vector<double> medians = interleave(
        rounds, {[] { return owner(10'000, 200'000); }, [] { return owner(100, 200'000); }});
    std::cout << Figure{"hash_ring_owner_of_10000", medians[0], "ns", "-",
                        medians[0] / medians[1],    "100_nodes"}
              << "# checksum " << checksum << '\n';
}

}  // namespace

int main() {
    try {
        run();
    } catch (const std::exception& error) {
        std::cerr << "error: " << error.what() << '\n';
        return 1;
    }
}
