#include "conclave/hash_ring.hpp"

#include <algorithm>

#include "md5.hpp"

namespace conclave {

HashRing::HashRing(const NodeWeights& nodes, std::uint64_t partitions) : partitions_(partitions) {
    if (partitions == 0 || partitions > node_points_max)
        throw BadOption("partitions is " + std::to_string(partitions) + ", expected 1.." +
                        std::to_string(node_points_max));
    add_nodes(nodes);
}

void HashRing::add_node(const std::string& node, std::uint64_t weight) {
    add_nodes({{node, weight}});
}

void HashRing::add_nodes(const NodeWeights& nodes) {
    for (const auto& [node, weight] : nodes) require_weight(node, weight);
    std::vector<bool> stale(names_.size());
    std::vector<const NodeWeights::value_type*> changed;
    for (const auto& node : nodes) {
        const auto known = nodes_.find(node.first);
        if (known != nodes_.end() && known->second.weight == node.second) continue;
        // All points of the old weight go: tooz keeps those that the new weight lacks, for ever.
        if (known != nodes_.end()) stale[known->second.slot] = true;
        changed.push_back(&node);
    }
    erase_points(stale);
    const auto sorted_end = static_cast<std::ptrdiff_t>(points_.size());
    for (const auto* node : changed) {
        const auto [entry, added] = nodes_.try_emplace(node->first);
        if (added) entry->second.slot = take_slot(node->first);
        owners_ -= entry->second.weight > 0;
        owners_ += node->second > 0;
        entry->second.weight = node->second;
        append_points(node->first, entry->second);
    }
    const auto order = [this](const Point& left, const Point& right) {
        return precedes(left, right);
    };
    std::sort(points_.begin() + sorted_end, points_.end(), order);
    std::inplace_merge(points_.begin(), points_.begin() + sorted_end, points_.end(), order);
}

void HashRing::remove_node(const std::string& node) {
    const auto known = nodes_.find(node);
    if (known == nodes_.end()) throw UnknownNode(node);
    const Node entry = known->second;
    std::vector<bool> stale(names_.size());
    stale[entry.slot] = true;
    erase_points(stale);
    free_.push_back(entry.slot);
    owners_ -= entry.weight > 0;
    nodes_.erase(known);
}

std::vector<std::string> HashRing::get_nodes(std::string_view data,
                                             const std::set<std::string>& ignore_nodes,
                                             std::size_t replicas) const {
    if (points_.empty() || replicas == 0) return {};
    std::size_t at = first_after(position_of(data));
    if (replicas == 1 && ignore_nodes.empty()) return {names_[points_[at].slot]};
    std::vector<bool> passed(names_.size());
    std::size_t wanted = owners_;
    for (const std::string& ignored : ignore_nodes) {
        const auto node = nodes_.find(ignored);
        if (node == nodes_.end()) continue;
        passed[node->second.slot] = true;
        wanted -= node->second.weight > 0;
    }
    wanted = std::min(wanted, replicas);
    std::vector<std::string> found;
    for (std::size_t steps = 0; found.size() < wanted && steps < points_.size(); ++steps) {
        const std::uint32_t slot = points_[at].slot;
        if (!passed[slot] && !shadowed(at)) {
            found.push_back(names_[slot]);
            passed[slot] = true;
        }
        at = at + 1 < points_.size() ? at + 1 : 0;
    }
    return found;
}

NodeWeights HashRing::nodes() const {
    NodeWeights weights;
    for (const auto& [name, node] : nodes_) weights.emplace_hint(weights.end(), name, node.weight);
    return weights;
}

std::size_t HashRing::size() const noexcept {
    std::size_t distinct = 0;
    for (std::size_t i = 0; i < points_.size(); ++i) distinct += !shadowed(i);
    return distinct;
}

std::string HashRing::fingerprint() const {
    // The length before a name keeps two lists of nodes from being spelled alike.
    detail::Md5 hash;
    hash.update("conclave-ring/1 " + std::to_string(partitions_) + "\n");
    for (const auto& [name, node] : nodes_)
        hash.update(std::to_string(node.weight) + " " + std::to_string(name.size()) + ":" + name +
                    "\n");
    const detail::Md5Digest digest = hash.digest();
    std::string text;
    for (std::size_t i = 0; i < 8; ++i) {
        text += "0123456789abcdef"[digest[i] >> 4];
        text += "0123456789abcdef"[digest[i] & 15];
    }
    return text;
}

namespace {

std::uint64_t big_endian(const std::uint8_t* bytes) noexcept {
    std::uint64_t number = 0;
    for (int i = 0; i < 8; ++i) number = number << 8 | bytes[i];
    return number;
}

}  // namespace

HashRing::Position HashRing::position_of(std::string_view data) {
    const detail::Md5Digest digest = detail::md5(data);
    return {big_endian(digest.data()), big_endian(digest.data() + 8)};
}

void HashRing::require_weight(const std::string& node, std::uint64_t weight) const {
    if (weight <= weight_max()) return;
    throw BadOption("the weight of node `" + node + "' is " + std::to_string(weight) +
                    ", expected 0.." + std::to_string(weight_max()));
}

std::uint32_t HashRing::take_slot(const std::string& node) {
    if (free_.empty()) {
        names_.push_back(node);
        return static_cast<std::uint32_t>(names_.size() - 1);
    }
    const std::uint32_t slot = free_.back();
    free_.pop_back();
    names_[slot] = node;
    return slot;
}

void HashRing::append_points(const std::string& node, const Node& entry) {
    // Point r is the digest of the name r + 1 times over. The empty name has one digest only.
    const std::uint64_t count =
        node.empty() ? std::min<std::uint64_t>(entry.weight, 1) : partitions_ * entry.weight;
    detail::Md5 hash;
    hash.update(node);
    for (std::uint64_t r = 0; r < count; ++r) {
        hash.update(node);
        const detail::Md5Digest digest = hash.digest();
        points_.push_back({{big_endian(digest.data()), big_endian(digest.data() + 8)}, entry.slot});
    }
}

void HashRing::erase_points(const std::vector<bool>& slots) {
    if (std::find(slots.begin(), slots.end(), true) == slots.end()) return;
    std::erase_if(points_, [&](const Point& point) { return slots[point.slot]; });
}

bool HashRing::precedes(const Point& left, const Point& right) const {
    if (left.position != right.position) return left.position < right.position;
    // Names that repeat one text, such as "1" and "11", claim the same positions. The longer one
    // owns them: its claims begin later, so that every node keeps at least its first two points.
    const std::string& one = names_[left.slot];
    const std::string& other = names_[right.slot];
    return one.size() != other.size() ? one.size() > other.size() : one < other;
}

bool HashRing::shadowed(std::size_t at) const noexcept {
    return at > 0 && points_[at - 1].position == points_[at].position;
}

std::size_t HashRing::first_after(const Position& position) const noexcept {
    const auto found = std::upper_bound(
        points_.begin(), points_.end(), position,
        [](const Position& wanted, const Point& point) { return wanted < point.position; });
    return found == points_.end() ? 0 : static_cast<std::size_t>(found - points_.begin());
}

}  // namespace conclave
