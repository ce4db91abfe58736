#include "conclave/sim/disk.hpp"

#include <utility>

#include "../host_state.hpp"
#include "disk_state.hpp"

namespace conclave::sim {

Disk::Disk(std::unique_ptr<DiskState> state) : state_(std::move(state)) {}
Disk::~Disk() = default;

std::string Disk::content(const std::string& path) const {
    const NodeRef node = state_->find(path);
    return node ? node->content : std::string();
}

void Disk::put(const std::string& path, std::string content, WallTime modified) {
    const std::string target = state_->normalised(path);
    for (std::size_t end = target.find('/', 1); end != std::string::npos;
         end = target.find('/', end + 1))
        state_->make_folder(target.substr(0, end));
    state_->create(target);
    const NodeRef node = state_->find(target);
    node->content = node->durable_content = std::move(content);
    node->modified = modified.nanoseconds;
    state_->sync_folders();
}

void Disk::lose_power() { state_->lose_power(); }
void Disk::set_capacity(std::uint64_t bytes) { state_->options.capacity_bytes = bytes; }
void Disk::hang() { ++state_->hangs; }
void Disk::answer() {
    if (state_->hangs != 0 && --state_->hangs == 0) state_->go_on();
}
void Disk::answer_all() {
    if (std::exchange(state_->hangs, 0) != 0) state_->go_on();
}
void Disk::deny(const std::string& path) { state_->denied = path; }
void Disk::link(const std::string& path, const std::string& folder) {
    state_->links[state_->normalised(path)] = folder;
}

}  // namespace conclave::sim
