// The rules of the ring that hold for any nodes; tests/interop compares it with tooz bit for bit.

#include "conclave/hash_ring.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace conclave {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using Keys = std::vector<std::string>;

std::string key(int number) { return "key-" + std::to_string(number); }

Keys keys(int count) {
    Keys all;
    for (int i = 0; i < count; ++i) all.push_back(key(i));
    return all;
}

/// One of few names, most of which repeat the text of another.
std::string any_name() {
    const std::string text = *rc::gen::element<std::string>("1", "node", "\xff\x01");
    std::string name;
    for (int i = *rc::gen::inRange(1, 7); i > 0; --i) name += text;
    return name;
}

NodeWeights any_nodes(std::uint64_t least, int count_max) {
    NodeWeights nodes;
    const int count = *rc::gen::inRange(1, count_max + 1);
    for (int i = 0; i < count; ++i)
        nodes[any_name()] = *rc::gen::inRange<std::uint64_t>(least, least + 4);
    return nodes;
}

std::string any_member(const NodeWeights& nodes) {
    return std::next(nodes.begin(), *rc::gen::inRange<int>(0, static_cast<int>(nodes.size())))
        ->first;
}

TEST(HashRing, HasAPointForEachPartitionAndWeight) {
    HashRing ring({{"foo", 1}, {"bar", 1}});
    EXPECT_EQ(ring.size(), 32u * 2);
    ring.add_node("b\xc3\xa9\xff", 10);
    EXPECT_EQ(ring.size(), 32u * 12);
    ring.remove_node("b\xc3\xa9\xff");
    EXPECT_EQ(ring.size(), 32u * 2);
    EXPECT_EQ(HashRing({{"foo", 3}}, 7).size(), 21u);
}

// The examples of tooz's own tests.
TEST(HashRing, SharesOutAndReplicatesAsInTooz) {
    HashRing ring;
    ring.add_nodes({{"foo", 1}, {"bar", 1}, {"baz", 1}});
    EXPECT_THAT(ring["fake"], SizeIs(1));
    EXPECT_THAT(ring["fake-again"], SizeIs(1));
    EXPECT_NE(ring["fake"], ring["fake-again"]);
    EXPECT_THAT(ring.get_nodes("fake", {}, 2), SizeIs(2));
    for (const std::string each : {"fake", "fake-again"})
        EXPECT_THAT(ring.get_nodes(each, {}, 3),
                    ::testing::UnorderedElementsAre("foo", "bar", "baz"));
    ring.add_nodes({{"second", 10}, {"third", 10}});
    EXPECT_EQ(ring.size(), 32u * 23);
}

TEST(HashRing, EmptyGivesNobody) {
    HashRing ring;
    EXPECT_THAT(ring["fake"], IsEmpty());
    EXPECT_THAT(ring.get_nodes("fake", {"foo"}, 3), IsEmpty());
    ring.add_node("foo");
    ring.remove_node("foo");
    EXPECT_THAT(ring["fake"], IsEmpty());
    EXPECT_EQ(ring.size(), 0u);
}

TEST(HashRing, RemovingAStrangerNamesIt) {
    HashRing ring({{"foo", 1}});
    try {
        ring.remove_node("baz");
        FAIL() << "removed a stranger";
    } catch (const UnknownNode& error) {
        EXPECT_STREQ(error.what(), "Unknown node `baz'");
        EXPECT_EQ(error.node(), "baz");
    }
    EXPECT_EQ(ring.size(), 32u);
}

TEST(HashRing, BoundsWhatANodeMayCost) {
    EXPECT_THROW(HashRing({}, 0), BadOption);
    EXPECT_THROW(HashRing({}, HashRing::node_points_max + 1), BadOption);
    HashRing ring({{"foo", 1}}, 1u << 10);
    EXPECT_EQ(ring.weight_max(), 1u << 10);
    EXPECT_THROW(ring.add_nodes({{"bar", 1}, {"foo", 1025}}), BadOption);
    EXPECT_THROW(ring.add_node("bar", ~std::uint64_t{0}), BadOption);
    EXPECT_EQ(ring.nodes(), (NodeWeights{{"foo", 1}}));
    EXPECT_EQ(ring.size(), 1u << 10);
}

TEST(HashRing, IgnoresStrangersAndMayIgnoreAll) {
    const HashRing ring({{"foo", 1}, {"bar", 1}});
    EXPECT_EQ(ring.get_nodes("fake", {"baz"}), ring["fake"]);
    EXPECT_THAT(ring.get_nodes("fake", {"foo"}, 5), ElementsAre("bar"));
    EXPECT_THAT(ring.get_nodes("fake", {"foo", "bar"}), IsEmpty());
    EXPECT_THAT(ring.get_nodes("fake", {}, 0), IsEmpty());
}

TEST(HashRing, ANodeOfWeightZeroGetsNothing) {
    HashRing ring({{"foo", 1}, {"idle", 0}});
    EXPECT_THAT(ring.get_nodes("fake", {}, 2), ElementsAre("foo"));
    EXPECT_THAT(ring.get_nodes("fake", {"idle"}, 2), ElementsAre("foo"));
    ring.add_node("foo", 0);
    EXPECT_THAT(ring["fake"], IsEmpty());
    ring.add_node("idle", 1);
    EXPECT_THAT(ring["fake"], ElementsAre("idle"));
}

// tooz leaves 3 * 32 points of "foo" behind, and answers "foo" after its removal.
TEST(HashRing, ALowerWeightLeavesNoPointsBehind) {
    HashRing ring({{"foo", 4}, {"bar", 1}});
    ring.add_node("foo", 1);
    EXPECT_EQ(ring.size(), 64u);
    ring.remove_node("foo");
    for (const std::string& each : keys(200)) EXPECT_THAT(ring[each], ElementsAre("bar"));
    EXPECT_THAT(ring.get_nodes("fake", {}, 2), SizeIs(1));
}

// Both claim the digests of 4, 6, ... 32 ones; in tooz the one added last has them.
TEST(HashRing, NamesThatRepeatOneTextBothKeepPoints) {
    HashRing ring({{"1", 100}, {"11", 1}});
    EXPECT_EQ(ring.size(), 3200u);
    EXPECT_THAT(ring.get_nodes("fake", {}, 2), SizeIs(2));
    ring.remove_node("11");
    EXPECT_EQ(ring.size(), 3200u);
    ring.remove_node("1");
    EXPECT_EQ(ring.size(), 0u);
}

TEST(HashRing, TheEmptyNameIsANode) {
    HashRing ring({{"", 3}});
    EXPECT_EQ(ring.size(), 1u);
    EXPECT_THAT(ring["fake"], ElementsAre(""));
    ring.remove_node("");
    EXPECT_EQ(ring.size(), 0u);
}

// For ever: processes of different versions compare them. md5 of
// "conclave-ring/1 32\n1 3:bar\n2 3:foo\n", the first half.
TEST(HashRing, FingerprintsStayAsTheyAre) {
    EXPECT_EQ(HashRing({{"foo", 2}, {"bar", 1}}).fingerprint(), "db77fb665bdf24ba");
}

RC_GTEST_PROP(HashRing, AFingerprintTellsViewsApart, ()) {
    const NodeWeights left = any_nodes(0, 4), right = any_nodes(0, 4);
    const auto left_partitions = *rc::gen::inRange<std::uint64_t>(1, 4);
    const auto right_partitions = *rc::gen::inRange<std::uint64_t>(1, 4);
    const bool same = left == right && left_partitions == right_partitions;
    RC_ASSERT((HashRing(left, left_partitions).fingerprint() ==
               HashRing(right, right_partitions).fingerprint()) == same);
}

RC_GTEST_PROP(HashRing, AnswersDoNotDependOnHistory, ()) {
    const NodeWeights nodes = any_nodes(0, 8);
    const HashRing direct(nodes, 8);
    // Strangers come and go, weights change, and the nodes arrive in any order.
    NodeWeights strangers = any_nodes(0, 4);
    HashRing ring(strangers, 8);
    for (const auto& [name, weight] : any_nodes(0, 4)) {
        ring.add_node(name, weight);
        strangers[name] = weight;
    }
    std::vector<std::string> order;
    for (const auto& [name, weight] : nodes)
        order.insert(order.begin() + *rc::gen::inRange<int>(0, static_cast<int>(order.size()) + 1),
                     name);
    for (const std::string& name : order) ring.add_node(name, nodes.at(name));
    for (const auto& [name, weight] : strangers)
        if (!nodes.contains(name)) ring.remove_node(name);
    RC_ASSERT(ring.nodes() == nodes);
    RC_ASSERT(ring.size() == direct.size());
    RC_ASSERT(ring.fingerprint() == direct.fingerprint());
    for (const std::string& each : keys(50))
        RC_ASSERT(ring.get_nodes(each, {}, 3) == direct.get_nodes(each, {}, 3));
}

RC_GTEST_PROP(HashRing, ANewNodeTakesKeysAndNoOtherKeyMoves, ()) {
    const NodeWeights nodes = any_nodes(1, 8);
    const std::string fresh = any_name();
    RC_PRE(!nodes.contains(fresh));
    const HashRing before(nodes);
    HashRing after = before;
    after.add_node(fresh, *rc::gen::inRange<std::uint64_t>(0, 5));
    for (const std::string& each : keys(200))
        RC_ASSERT(after[each] == before[each] || after[each] == Keys{fresh});
}

RC_GTEST_PROP(HashRing, ARemovedNodesKeysMoveAndNoOthers, ()) {
    const NodeWeights nodes = any_nodes(1, 8);
    const std::string gone = any_member(nodes);
    const HashRing before(nodes);
    HashRing after = before;
    after.remove_node(gone);
    for (const std::string& each : keys(200)) {
        if (before[each] == Keys{gone})
            RC_ASSERT(after[each] != Keys{gone});
        else
            RC_ASSERT(after[each] == before[each]);
    }
}

RC_GTEST_PROP(HashRing, ReplicasAreDistinctAndAsManyAsThereAre, ()) {
    const NodeWeights nodes = any_nodes(0, 8);
    const HashRing ring(nodes, *rc::gen::inRange<std::uint64_t>(1, 33));
    std::set<std::string> ignored;
    if (*rc::gen::arbitrary<bool>()) ignored = {any_member(nodes), any_member(nodes), any_name()};
    const auto replicas = *rc::gen::inRange<std::size_t>(0, 10);
    const auto able = std::count_if(nodes.begin(), nodes.end(), [&](const auto& node) {
        return node.second > 0 && !ignored.contains(node.first);
    });
    const std::string data = *rc::gen::arbitrary<std::string>();
    const Keys found = ring.get_nodes(data, ignored, replicas);
    RC_ASSERT(found.size() == std::min(replicas, static_cast<std::size_t>(able)));
    RC_ASSERT(std::set<std::string>(found.begin(), found.end()).size() == found.size());
    for (const std::string& node : found) RC_ASSERT(!ignored.contains(node) && nodes.at(node) > 0);
    // Fewer replicas are the first ones of more.
    if (!found.empty())
        RC_ASSERT(ring.get_nodes(data, ignored, found.size() - 1) ==
                  Keys(found.begin(), found.end() - 1));
}

// docs/partitioner.md states the bound; a share of 32 points is outside it once in 10^8 rings.
RC_GTEST_PROP(HashRing, SharesStayWithinTheStatedBound, ()) {
    NodeWeights nodes;
    const int count = *rc::gen::inRange(2, 9);
    const auto salt = *rc::gen::arbitrary<std::uint32_t>();
    std::uint64_t weight_sum = 0;
    for (int i = 0; i < count; ++i) {
        const auto weight = *rc::gen::inRange<std::uint64_t>(1, 4);
        nodes["node-" + std::to_string(salt) + "-" + std::to_string(i)] = weight;
        weight_sum += weight;
    }
    const HashRing ring(nodes);
    std::map<std::string, double> objects;
    constexpr int objects_sum = 8192;
    for (const std::string& each : keys(objects_sum)) ++objects[ring[each].front()];
    for (const auto& [name, weight] : nodes) {
        const double fair =
            static_cast<double>(objects_sum * weight) / static_cast<double>(weight_sum);
        RC_ASSERT(objects[name] > fair / 4);
        RC_ASSERT(objects[name] < fair * 3);
    }
}

}  // namespace
}  // namespace conclave
