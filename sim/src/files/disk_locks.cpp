// Locks on whole files, and what a power loss leaves.

#include <algorithm>

#include "../host_state.hpp"
#include "../process_state.hpp"
#include "disk_state.hpp"

namespace conclave::sim {

bool DiskState::conflict(const LockHolder& holder, const LockHolder& wanted) const {
    if (!options.locks_across_hosts && &holder.process->host != &wanted.process->host) return false;
    return holder.sharing == LockSharing::exclusive || wanted.sharing == LockSharing::exclusive;
}

FileOutcome DiskState::lock(const std::string& path, const ProcessState& process,
                            LockSharing sharing, std::uint64_t& id, NodeRef& node) {
    if (is_denied(path)) return refuse(FileStatus::denied, path);
    node = find(path);
    if (!node) return refuse(FileStatus::not_found, path);
    if (node->folder) return refuse(FileStatus::is_a_folder, path);
    const LockHolder wanted{next_lock, &process, sharing};
    for (const LockHolder& holder : node->locks)
        if (conflict(holder, wanted)) return refuse(FileStatus::locked, path);
    id = next_lock++;
    node->locks.push_back(wanted);
    if (std::ranges::find(locked_, node) == locked_.end()) locked_.push_back(node);
    return {};
}

FileOutcome DiskState::look_at_lock(const std::string& path, const ProcessState& process) {
    if (is_denied(path)) return refuse(FileStatus::denied, path);
    const NodeRef node = find(path);
    if (!node) return refuse(FileStatus::not_found, path);
    for (const LockHolder& holder : node->locks)
        if (options.locks_across_hosts || &holder.process->host == &process.host)
            return refuse(FileStatus::locked, path);
    return {};
}

FileOutcome DiskState::check(const std::string& path, const Node& node, std::uint64_t id) {
    const bool held = std::ranges::any_of(node.locks,
                                          [&](const LockHolder& each) { return each.id == id; });
    if (held && find(path).get() == &node) return {};
    return refuse(FileStatus::not_found, path);
}

void DiskState::unlock(Node& node, std::uint64_t id) {
    std::erase_if(node.locks, [&](const LockHolder& each) { return each.id == id; });
}

void DiskState::drop_locks(const ProcessState& process) {
    for (const NodeRef& node : locked_)
        std::erase_if(node->locks,
                      [&](const LockHolder& each) { return each.process == &process; });
    std::erase_if(locked_, [](const NodeRef& node) { return node->locks.empty(); });
}

namespace {

/// What is left of a file's last write: the old content, the new one, or a part of the new one.
void tear(Node& node, Stream& random) {
    if (node.content == node.durable_content) return;
    const std::uint64_t fate = random.below(3);
    const std::uint64_t kept = random.below(node.content.size() + 1);
    if (fate == 0) node.content = node.durable_content;
    if (fate == 1) node.content.resize(kept);
    node.durable_content = node.content;
}

void restore(Node& node, Stream& random) {
    node.entries = node.durable_entries;
    node.locks.clear();
    if (!node.folder) tear(node, random);
    for (const auto& [name, child] : node.entries) restore(*child, random);
}

}  // namespace

void DiskState::lose_power() {
    const std::uint64_t survivors = random.below(journal_.size() + 1);
    for (std::uint64_t i = 0; i < survivors; ++i) apply(journal_[i]);
    journal_.clear();
    for (const NodeRef& node : locked_) node->locks.clear();
    locked_.clear();
    restore(*root, random);
}

}  // namespace conclave::sim
