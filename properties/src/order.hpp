#pragma once

// Which items of a Program must come before which. Items are sorted into classes, and an item of one
// class waits for items of certain classes that returned before it was called; single edges say what
// classes cannot. So an order of n items takes O(n) memory, never O(n^2).

#include <cstdint>
#include <vector>

#include "program.hpp"

namespace conclave::properties {

struct Edge {
    std::uint32_t before = 0;  ///< numbers of items
    std::uint32_t after = 0;
};

/// Edges by the item from which they go: as dense as they can be, for there may be several a call.
struct Successors {
    std::vector<std::uint32_t> begin;  ///< of each item's in `items`, and their end; empty without edges
    std::vector<std::uint32_t> items;
};

/// `each` calls what it is given with (before, after) of each edge, and is called twice.
template <class Each>
Successors successors_of(Each each, std::size_t items) {
    Successors successors;
    successors.begin.assign(items + 1, 0);
    each([&](std::uint32_t before, std::uint32_t) { ++successors.begin[before]; });
    for (std::size_t i = 0; i < items; ++i) successors.begin[i + 1] += successors.begin[i];
    successors.items.resize(successors.begin[items]);
    // Filled from behind, each end becomes the beginning.
    each([&](std::uint32_t before, std::uint32_t after) {
        successors.items[--successors.begin[before]] = after;
    });
    return successors;
}

struct Order {
    std::vector<std::uint32_t> classes;                 ///< by item; empty when all are of class 0
    std::vector<std::vector<std::uint32_t>> waits_for;  ///< by class
    Successors successors;

    std::uint32_t class_of(std::uint32_t item) const { return classes.empty() ? 0 : classes[item]; }
};

/// Real time, and what one session awaited, or was told.
Order real_time_order(const Calls& history, const Program& program);

/// What one session awaited, or was told, and nothing else.
Order session_order(const Calls& history, const Program& program);

/// Nothing.
Order no_order(const Program& program);

/// Real time, except that an update may come before a read that had returned: what one client saw
/// must reflect what was done and seen before, wherever it looked.
Order view_order(const Calls& history, const Program& program);

/// As view_order(), but what was done and seen on one side of `window` says nothing to that side.
Order partition_order(const Calls& history, const Program& program, const PartitionWindow& window);

/// The side of `call` in `window`: 1 and up, or 0 when it lies outside or on no side.
std::uint32_t side_of(const Call& call, const PartitionWindow& window);

}  // namespace conclave::properties
