// Our ring against python3-tooz's: the same nodes, the same answers, bit for bit. No server.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "conclave/hash_ring.hpp"
#include "live/fixture/child_process.hpp"

namespace conclave::interop {
namespace {

std::string from_hex(const std::string& digits) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
        bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
    return bytes;
}

std::set<std::string> all_from_hex(const nlohmann::json& texts) {
    std::set<std::string> all;
    for (const std::string text : texts) all.insert(from_hex(text));
    return all;
}

HashRing replay(const nlohmann::json& tooz) {
    HashRing ring({}, tooz.at("partitions").get<std::uint64_t>());
    for (const nlohmann::json& step : tooz.at("history")) {
        const std::string node = from_hex(step.at(1));
        if (step.at(0) == "add")
            ring.add_node(node, step.at(2).get<std::uint64_t>());
        else
            ring.remove_node(node);
    }
    return ring;
}

struct Comparison {
    int lookups = 0;
    int differences = 0;
    int owners = 0;  ///< lookups that named at least one node
};

void compare_lookups(const HashRing& ring, const nlohmann::json& tooz, Comparison& result) {
    for (const nlohmann::json& lookup : tooz.at("lookups")) {
        const auto found = ring.get_nodes(from_hex(lookup.at(0)), all_from_hex(lookup.at(1)),
                                          lookup.at(2).get<std::size_t>());
        const std::set<std::string> expected = all_from_hex(lookup.at(3));
        ++result.lookups;
        result.owners += !expected.empty();
        if (std::set<std::string>(found.begin(), found.end()) != expected) ++result.differences;
    }
}

Comparison compare(const std::string& mode, int seed, int rings) {
    live::ChildProcess tooz({.arguments = {"/usr/bin/python3", CONCLAVE_TOOZ_RING, mode,
                                           std::to_string(seed), std::to_string(rings)},
                             .piped = true});
    Comparison result;
    for (int i = 0; i < rings; ++i) {
        const nlohmann::json vector = nlohmann::json::parse(tooz.read_line());
        const HashRing ring = replay(vector);
        EXPECT_EQ(ring.size(), vector.at("size").get<std::size_t>()) << "ring " << i;
        NodeWeights nodes;
        for (const auto& [name, weight] : vector.at("nodes").items())
            nodes[from_hex(name)] = weight.get<std::uint64_t>();
        EXPECT_EQ(ring.nodes(), nodes) << "ring " << i;
        compare_lookups(ring, vector, result);
    }
    return result;
}

TEST(ToozRing, GivesTheSameAnswers) {
    const Comparison result = compare("plain", 20240601, 500);
    EXPECT_GE(result.lookups, 20'000);
    EXPECT_GE(result.owners, 15'000);
    EXPECT_EQ(result.differences, 0) << "of " << result.lookups;
}

// tooz lets the last one added have a position that several names claim; ours is the longest.
TEST(ToozRing, GivesTheSameAnswersForNamesThatRepeatOneTextAddedByLength) {
    const Comparison result = compare("repeats", 20240602, 100);
    EXPECT_GE(result.lookups, 5'000);
    EXPECT_GE(result.owners, 2'000);
    EXPECT_EQ(result.differences, 0) << "of " << result.lookups;
}

}  // namespace
}  // namespace conclave::interop
