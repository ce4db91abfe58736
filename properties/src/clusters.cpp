#include "clusters.hpp"

namespace conclave::properties {

bool Clusters::replaces(const Call& call) noexcept {
    return call.action == Action::cas && call.argument != call.second &&
           (call.status == Status::unknown || call.agreed);
}

std::uint32_t Clusters::cluster(TextId value) {
    const auto next = static_cast<std::uint32_t>(clusters_.size());
    if (!dense_.empty() && dense_[value] == nobody) dense_[value] = next;
    const std::uint32_t found =
        dense_.empty() ? numbers_.find_or_add(value, next) : dense_[value];
    if (found == next) {
        clusters_.emplace_back();
        clusters_.back().value = value;
    }
    return found;
}

std::uint32_t Clusters::find(TextId value) const {
    return dense_.empty() ? numbers_.find_or_add(value, nobody) : dense_[value];
}

bool Clusters::add_writer(std::uint32_t index, TextId value) {
    if (value == 0) return false;  // the initial value again
    Cluster& mine = clusters_[cluster(value)];
    if (mine.writer != nobody) return false;
    mine.writer = index;
    return true;
}

/// The value was there: so was the one that its cas replaced, and so on.
void Clusters::need(TextId value, std::uint32_t by) {
    while (value != 0 && !contradiction_) {
        Cluster& mine = clusters_[cluster(value)];
        if (mine.included) return;
        mine.included = true;
        if (mine.writer == nobody) {
            contradiction_ = violated_by(*history_, "zones", "a value that nobody wrote", {by});
            return;
        }
        const Call& writer = history_->calls[mine.writer];
        by = mine.writer;
        value = writer.action == Action::cas ? writer.argument : 0;
    }
}

void Clusters::add_read(std::uint32_t index, TextId value) {
    Cluster& mine = clusters_[cluster(value)];
    const Call& call = history_->calls[index];
    if (mine.first_read == nobody || call.return_ns < history_->calls[mine.first_read].return_ns)
        mine.first_read = index;
    if (mine.last_read == nobody || call.call_ns > history_->calls[mine.last_read].call_ns)
        mine.last_read = index;
}

bool Clusters::gather() {
    cluster(0);
    for (const std::uint32_t index : which_) {
        const Call& call = history_->calls[index];
        if (call.status == Status::failed) continue;
        if (call.action == Action::write && !add_writer(index, call.argument)) return false;
        if (replaces(call) && !add_writer(index, call.second)) return false;
    }
    clusters_[0].included = true;
    for (const std::uint32_t index : which_) {
        const Call& call = history_->calls[index];
        if (call.status != Status::ok || contradiction_) continue;
        if (call.action == Action::write) need(call.argument, index);
        if (replaces(call)) need(call.second, index);
        const bool sees = call.action == Action::cas && call.agreed && !replaces(call);
        if (call.action == Action::read) need(call.result, index);
        if (sees) need(call.argument, index);
        if (call.action == Action::read) add_read(index, call.result);
        if (sees) add_read(index, call.argument);
        refused_cas_ |= call.action == Action::cas && !call.agreed;
    }
    if (!contradiction_) link();
    return true;
}

void Clusters::link() {
    for (std::uint32_t i = 0; i < clusters_.size(); ++i) {
        if (!clusters_[i].included || clusters_[i].writer == nobody) continue;
        const Call& writer = history_->calls[clusters_[i].writer];
        if (writer.action != Action::cas) continue;
        const std::uint32_t before = cluster(writer.argument);
        if (clusters_[before].next != nobody) {
            contradiction_ = violated_by(
                *history_, "zones", "one value was replaced twice",
                {clusters_[clusters_[before].next].writer, clusters_[i].writer});
            return;
        }
        clusters_[before].next = i;
        clusters_[i].previous = before;
    }
}

}  // namespace conclave::properties
