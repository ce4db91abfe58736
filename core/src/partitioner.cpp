#include "conclave/partitioner.hpp"

#include <algorithm>
#include <utility>

namespace conclave {

// Once the delegated constructor has returned, an exception runs the destructor, which unwatches.
Partitioner::Partitioner(std::unique_ptr<GroupView> view, std::uint64_t partitions)
    : Partitioner(std::move(view), partitions, Unread{}) {
    view_->watch([this] { refresh(); });
    watching_ = true;
    refresh();
}

Partitioner::Partitioner(std::unique_ptr<GroupView> view, std::uint64_t partitions, Unread)
    : view_(std::move(view)), ring_({}, partitions) {}

void Partitioner::stop() noexcept {
    if (std::exchange(watching_, false)) view_->unwatch();
}

void Partitioner::refresh() {
    // Every event asks for the whole group instead of the one member it names, who may be gone
    // again by now. Of two reads that overlap the one begun later knows at least the same events.
    const std::uint64_t read = ++reads_begun_;
    std::map<std::string, Value> members;
    try {
        members = view_->get_members_with_capabilities();
    } catch (...) {
        if (read > read_applied_) behind_ = true;
        throw;
    }
    if (read < read_applied_) return;
    apply(members);
    read_applied_ = read;
    behind_ = false;
}

void Partitioner::apply(const std::map<std::string, Value>& members) {
    HashRing next = ring_;
    for (const auto& [member, weight] : ring_.nodes())
        if (!members.contains(member)) next.remove_node(member);
    NodeWeights weights;
    for (const auto& [member, capabilities] : members)
        weights[member] = partition_weight(capabilities, ring_.weight_max());
    next.add_nodes(weights);
    ring_ = std::move(next);
}

std::vector<std::string> Partitioner::members_for_object(
    std::string_view object, const std::set<std::string>& ignore_members,
    std::size_t replicas) const {
    return ring_.get_nodes(object, ignore_members, replicas);
}

bool Partitioner::belongs_to_member(std::string_view object, const std::string& member_id,
                                    const std::set<std::string>& ignore_members,
                                    std::size_t replicas) const {
    const auto members = members_for_object(object, ignore_members, replicas);
    return std::find(members.begin(), members.end(), member_id) != members.end();
}

bool Partitioner::belongs_to_self(std::string_view object,
                                  const std::set<std::string>& ignore_members,
                                  std::size_t replicas) const {
    return belongs_to_member(object, view_->member_id(), ignore_members, replicas);
}

namespace {

struct AsWeight {
    std::uint64_t limit;

    std::uint64_t operator()(bool value) const { return std::min<std::uint64_t>(value, limit); }
    std::uint64_t operator()(std::int64_t value) const {
        return value < 0 ? 0 : (*this)(static_cast<std::uint64_t>(value));
    }
    std::uint64_t operator()(std::uint64_t value) const { return std::min(value, limit); }
    template <class Other>
    std::uint64_t operator()(const Other&) const {
        return 1;
    }
};

}  // namespace

std::uint64_t partition_weight(const Value& capabilities, std::uint64_t limit) {
    const Map* const entries = capabilities.get_if<Map>();
    if (entries == nullptr) return 1;
    // Of equal keys the last one counts, as in a Python dict.
    for (auto entry = entries->rbegin(); entry != entries->rend(); ++entry)
        if (entry->first == Value("weight"))
            return std::visit(AsWeight{limit}, entry->second.storage());
    return 1;
}

}  // namespace conclave
