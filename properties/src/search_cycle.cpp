// Cycles of the order itself, whatever the items do.

#include <algorithm>

#include "search.hpp"

namespace conclave::properties {

std::vector<std::uint32_t> Search::cycle() {
    ignore_state_ = true;
    for (bool again = true; again;) {
        absorb();
        const std::uint32_t next = next_update(none);
        again = next != none;
        if (again) place(next);
    }
    std::vector<std::uint32_t> found;
    if (required_left_ != 0) found = trace_cycle();
    while (!placed_.empty()) take_back();
    ignore_state_ = false;
    steps_ = 0;
    return found;
}

/// What keeps `item` from being placed: an unplaced predecessor, or what ended before it was called.
std::uint32_t Search::blocker_of(std::uint32_t item) const {
    const Successors& successors = order_.successors;
    for (std::uint32_t before = 0; before + 1 < successors.begin.size(); ++before)
        for (std::uint32_t i = successors.begin[before]; i < successors.begin[before + 1]; ++i)
            if (successors.items[i] == item && !is_placed_[before]) return before;
    for (const std::uint32_t klass : order_.waits_for[order_.class_of(item)]) {
        const std::uint32_t first = first_to_return(klass);
        if (first != none && program_.items[first].return_ns < program_.items[item].call_ns)
            return first;
    }
    return none;
}

/// From one stuck item to what blocks it, and on, until one comes again. In the order of the arrows:
/// each had to come before the next, and the last before the first.
std::vector<std::uint32_t> Search::trace_cycle() const {
    std::vector<std::uint32_t> met_at(program_.items.size(), none);
    std::uint32_t item = 0;
    while (is_placed_[item] || program_.items[item].optional) ++item;
    std::vector<std::uint32_t> path;
    while (item != none && met_at[item] == none) {
        met_at[item] = static_cast<std::uint32_t>(path.size());
        path.push_back(item);
        item = blocker_of(item);
    }
    if (item != none) path.erase(path.begin(), path.begin() + met_at[item]);
    std::reverse(path.begin(), path.end());
    return path;
}

}  // namespace conclave::properties
