#pragma once

// Consistent hashing: which of a set of weighted nodes an object belongs to. Processes that agree
// on the nodes, their weights and the partitions agree on every answer, python3-tooz included; the
// fingerprint tells whether they do. A plain value: no I/O, any number of concurrent readers.
// Source: tooz hashring.HashRing with MD5; docs/partitioner.md lists the deliberate differences.

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "conclave/error.hpp"

namespace conclave {

/// Nodes, named by bytes, and how many shares of the objects each takes.
using NodeWeights = std::map<std::string, std::uint64_t>;

class HashRing {
public:
    static constexpr std::uint64_t default_partitions = 32;
    /// Bounds partitions * weight of one node: memory and time are linear in it.
    static constexpr std::uint64_t node_points_max = 1u << 20;

    /// A node of weight w gets `partitions` * w points. O(p log p) for p points in all.
    /// Errors: no effect - BadOption when `partitions` is not in 1..node_points_max, and as
    /// add_node.
    explicit HashRing(const NodeWeights& nodes = {}, std::uint64_t partitions = default_partitions);

    /// Adds `node`, or changes its weight; O(points of the ring). A node of weight 0 is known but
    /// gets nothing. Errors: no effect - BadOption when `weight` exceeds weight_max().
    void add_node(const std::string& node, std::uint64_t weight = 1);
    /// Adds all, or changes the weights of those that are there, by one sort.
    void add_nodes(const NodeWeights& nodes);
    /// O(points of the ring). Errors: no effect - UnknownNode.
    void remove_node(const std::string& node);

    /// The nodes that `data`, any bytes, belongs to: `replicas` distinct ones, its owner first, or
    /// as many as there are of weight > 0 that are not in `ignore_nodes`. O(log points) and the
    /// walk to the next nodes.
    std::vector<std::string> get_nodes(std::string_view data,
                                       const std::set<std::string>& ignore_nodes = {},
                                       std::size_t replicas = 1) const;
    /// The owner alone, in a vector that is empty when the ring is.
    std::vector<std::string> operator[](std::string_view data) const { return get_nodes(data); }

    NodeWeights nodes() const;
    std::uint64_t partitions() const noexcept { return partitions_; }
    std::uint64_t weight_max() const noexcept { return node_points_max / partitions_; }
    /// The number of distinct points; O(points).
    std::size_t size() const noexcept;

    /// 16 hexadecimal digits over nodes, weights and partitions, equal on every machine and in
    /// every later version: rings with different fingerprints differ; equal ones give equal answers
    /// but for one chance in 2^64. Two groups of the same members have the same one.
    std::string fingerprint() const;

private:
    /// A digest as one number of 128 bits, big-endian as in tooz.
    struct Position {
        std::uint64_t high = 0;
        std::uint64_t low = 0;
        friend auto operator<=>(const Position&, const Position&) = default;
    };
    struct Point {
        Position position;
        std::uint32_t slot = 0;
    };
    struct Node {
        std::uint64_t weight = 0;
        std::uint32_t slot = 0;
    };

    static Position position_of(std::string_view data);
    void require_weight(const std::string& node, std::uint64_t weight) const;
    std::uint32_t take_slot(const std::string& node);
    void append_points(const std::string& node, const Node& entry);
    void erase_points(const std::vector<bool>& slots);
    bool precedes(const Point& left, const Point& right) const;
    bool shadowed(std::size_t at) const noexcept;
    std::size_t first_after(const Position& position) const noexcept;

    std::uint64_t partitions_;
    std::map<std::string, Node> nodes_;
    std::size_t owners_ = 0;           ///< nodes of weight > 0
    std::vector<std::string> names_;   ///< by slot
    std::vector<std::uint32_t> free_;  ///< slots of removed nodes
    /// Sorted; of several claims to one position the first owns it, the others are shadowed.
    std::vector<Point> points_;
};

/// A node to remove is not in the ring.
class UnknownNode : public Error {
public:
    explicit UnknownNode(const std::string& node)
        : Error("Unknown node `" + node + "'"), node_(node) {}
    const std::string& node() const noexcept { return node_; }

private:
    std::string node_;
};

}  // namespace conclave
