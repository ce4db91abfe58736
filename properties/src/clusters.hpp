#pragma once

// The calls on a register whose values are each written once, gathered by value: one write, the reads
// that saw it, and the cas that replaced it.

#include <optional>
#include <span>
#include <vector>

#include "flat_table.hpp"
#include "monitors.hpp"
#include "zones.hpp"

namespace conclave::properties {

struct Cluster {
    TextId value = 0;
    std::uint32_t writer = nobody;      ///< the write or cas; nobody for the initial value
    std::uint32_t first_read = nobody;  ///< with the first return
    std::uint32_t last_read = nobody;   ///< with the last call
    std::uint32_t next = nobody;        ///< the cluster that a cas made of this one
    std::uint32_t previous = nobody;
    bool included = false;              ///< surely written: acknowledged or seen
};

class Clusters {
public:
    Clusters(const Calls& history, std::span<const std::uint32_t> which)
          : history_(&history), which_(which) {
        // By text where this object has much of the history, else hashed.
        if (history.text_count() <= 4 * which.size() + 64) dense_.assign(history.text_count(), nobody);
    }

    /// Whether the history is of this class: else nothing here means anything.
    bool gather();
    /// A contradiction found while gathering: a value from nowhere, one value replaced twice.
    const std::optional<Finding>& contradiction() const { return contradiction_; }

    const std::vector<Cluster>& all() const { return clusters_; }
    /// The cluster of a value; nobody when it was never written nor read.
    std::uint32_t find(TextId value) const;
    bool refused_cas() const noexcept { return refused_cas_; }
    static bool replaces(const Call& call) noexcept;

private:
    std::uint32_t cluster(TextId value);
    bool add_writer(std::uint32_t index, TextId value);
    void need(TextId value, std::uint32_t by);
    void add_read(std::uint32_t index, TextId value);
    void link();

    const Calls* history_;
    std::span<const std::uint32_t> which_;
    Indices dense_;  ///< the cluster of each text
    mutable NumberTable numbers_;
    std::vector<Cluster> clusters_;
    std::optional<Finding> contradiction_;
    bool refused_cas_ = false;
};

}  // namespace conclave::properties
