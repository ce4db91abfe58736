#pragma once

// Causal order: what a session awaited, was told, and read from others, and all that follows. Calls are
// put on lanes, each a chain of one session, and every call knows how far along each lane it sees:
// vector clocks, O(n k) numbers for k lanes.

#include <cstdint>
#include <optional>
#include <vector>

#include "conclave/properties/calls.hpp"
#include "judge_object.hpp"

namespace conclave::properties {

class CausalGraph {
public:
    /// `included` are numbers of calls; the others do not take part.
    CausalGraph(const Calls& history, Indices included);

    static constexpr std::uint32_t none = UINT32_MAX;

    /// That `reader` saw what `writer` did. Both must be included.
    void add_reads_from(std::uint32_t writer, std::uint32_t reader);

    /// Orders everything; calls that each come before the next and the last before the first, if so.
    Indices close();

    /// Whether `first` comes causally before `second`, by the last close().
    bool before(std::uint32_t first, std::uint32_t second) const;
    std::size_t lanes() const noexcept { return lanes_.size(); }
    std::uint32_t lane_of(std::uint32_t call) const { return nodes_[node_of_[call]].lane; }
    std::uint32_t position_of(std::uint32_t call) const { return nodes_[node_of_[call]].position; }
    /// How many calls of `lane` come causally before `call`.
    std::uint32_t seen(std::uint32_t call, std::uint32_t lane) const;
    const Indices& included() const noexcept { return included_; }

    /// Calls from `first` to `second`, each of which the next one saw or followed.
    Indices path(std::uint32_t first, std::uint32_t second) const;

private:
    struct Node {
        std::uint32_t call = 0;
        std::uint32_t lane = 0;
        std::uint32_t position = 0;  ///< on its lane, from 1
    };

    void put_on_lanes();
    void place(std::uint32_t node, std::vector<std::uint32_t>& lanes_of_session);
    bool follows(std::uint32_t before, std::uint32_t after) const;
    Indices cycle(const std::vector<std::uint32_t>& waiting) const;
    void build_successors();

    const Calls& history_;
    Indices included_;
    std::vector<Node> nodes_;
    std::vector<std::uint32_t> node_of_;
    std::vector<Indices> lanes_;  ///< nodes
    std::vector<Edge> edges_;     ///< between nodes
    std::vector<std::uint32_t> successors_, successors_end_;
    std::vector<std::uint32_t> clocks_;
};

}  // namespace conclave::properties
