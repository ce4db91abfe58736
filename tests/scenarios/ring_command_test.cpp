// `conclave ring` over nodes that are given one by one.

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "conclave/hash_ring.hpp"
#include "tool.hpp"

namespace conclave {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST_F(Tool, RingTellsTheNodesOfEachKey) {
    const HashRing ring({{"alpha", 1}, {"beta", 2}, {"gamma", 1}});
    const auto nodes = ring.get_nodes("order-17", {}, 2);
    const Finished ran =
        run("ring --node alpha --node beta=2 --node gamma --key order-17 --key 'order 18' "
            "--replicas 2 --ignore delta");
    EXPECT_EQ(ran.code, 0);
    EXPECT_THAT(ran.text, StartsWith("order-17 " + nodes[0] + " " + nodes[1] + "\norder 18 "));
    EXPECT_THAT(ran.text, HasSubstr("\nfingerprint " + ring.fingerprint() + "\n"));
}

TEST_F(Tool, RingPassesOverIgnoredNodes) {
    EXPECT_THAT(run("ring --node alpha --node beta --key x --ignore alpha").text,
                StartsWith("x beta\n"));
    EXPECT_THAT(run("ring --node alpha --key x --ignore alpha").text, StartsWith("x\n"));
}

TEST_F(Tool, RingPrintsJson) {
    const Finished ran = run(
        "ring --node alpha --node a=b=3 --partitions 7 --key x --key \"$(printf '\\377')\" --json");
    EXPECT_EQ(ran.code, 0) << ran.text;
    const HashRing ring({{"alpha", 1}, {"a=b", 3}}, 7);
    const nlohmann::json out = nlohmann::json::parse(ran.text);
    EXPECT_EQ(out["version"], 1);
    EXPECT_EQ(out["fingerprint"], ring.fingerprint());
    EXPECT_EQ(out["partitions"], 7);
    EXPECT_EQ(out["nodes"], (nlohmann::json{{"a=b", 3}, {"alpha", 1}}));
    EXPECT_EQ(out["keys"][0], (nlohmann::json{{"key", "x"}, {"nodes", ring["x"]}}));
    EXPECT_EQ(out["keys"][1]["nodes"], ring["\xff"]);
}

TEST_F(Tool, RingWithoutKeysTellsTheFingerprint) {
    EXPECT_EQ(run("ring --node alpha").text,
              "fingerprint " + HashRing({{"alpha", 1}}).fingerprint() + "\n");
}

TEST_F(Tool, RingNamesWhatIsWrongWithANode) {
    const std::pair<const char*, const char*> cases[] = {
        {"--node alpha=", "--node 'alpha=': expected NAME or NAME=WEIGHT"},
        {"--node alpha=heavy", "--node 'alpha=heavy': expected NAME or NAME=WEIGHT"},
        {"--node alpha=-1", "--node 'alpha=-1': expected"},
        {"--node alpha=99999999999999999999", "expected NAME or NAME=WEIGHT"},
        {"--node =1", "--node '=1': the name is empty"},
        {"--node alpha --node alpha=2", "--node 'alpha': given twice"},
        {"--node alpha=40000", "the weight of node `alpha' is 40000, expected 0..32768"},
        {"--node alpha --partitions 0", "partitions is 0, expected 1..1048576"},
        {"--node alpha --replicas 0", "--replicas"},
        {"--node alpha beta", "beta"},
        {"--key x", "--node is required"}};
    for (const auto& [arguments, message] : cases) {
        const Finished ran = run(std::string("ring ") + arguments);
        EXPECT_EQ(ran.code, 2) << arguments << ran.text;
        EXPECT_THAT(ran.text, HasSubstr(message)) << arguments;
    }
}

}  // namespace
}  // namespace conclave
