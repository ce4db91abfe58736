#include "causal_graph.hpp"

#include <algorithm>
#include <map>

#include "messages.hpp"

namespace conclave::properties {

CausalGraph::CausalGraph(const Calls& history, Indices included)
    : history_(history),
      included_(std::move(included)),
      node_of_(history.calls.size(), none) {
    for (const std::uint32_t call : included_) {
        node_of_[call] = static_cast<std::uint32_t>(nodes_.size());
        nodes_.push_back({call, 0, 0});
    }
    put_on_lanes();
}

bool CausalGraph::follows(std::uint32_t before, std::uint32_t after) const {
    return precedes_in_session(history_.calls, nodes_[before].call, nodes_[after].call);
}

void CausalGraph::put_on_lanes() {
    std::vector<std::uint32_t> by_call(nodes_.size());
    for (std::uint32_t i = 0; i < by_call.size(); ++i) by_call[i] = i;
    std::sort(by_call.begin(), by_call.end(), [&](std::uint32_t a, std::uint32_t b) {
        const Call& one = history_.calls[nodes_[a].call];
        const Call& two = history_.calls[nodes_[b].call];
        return std::pair(one.call_ns, nodes_[a].call) < std::pair(two.call_ns, nodes_[b].call);
    });
    std::map<TextId, std::vector<std::uint32_t>> lanes_of_session;
    for (const std::uint32_t node : by_call)
        place(node, lanes_of_session[history_.calls[nodes_[node].call].session]);
    for (const Edge& told : message_edges(history_, included_))
        edges_.push_back({node_of_[told.before], node_of_[told.after]});
}

/// Behind the last of every lane of its session that it follows; on the first lane whose end it
/// follows, or on a new one: a session that awaits every call has one lane.
void CausalGraph::place(std::uint32_t node, std::vector<std::uint32_t>& lanes_of_session) {
    std::uint32_t mine = none;
    for (const std::uint32_t lane : lanes_of_session) {
        const Indices& chain = lanes_[lane];
        auto last = chain.rbegin();
        while (last != chain.rend() && !follows(*last, node)) ++last;
        if (last != chain.rend()) edges_.push_back({*last, node});
        if (last == chain.rbegin() && mine == none) mine = lane;
    }
    if (mine == none) {
        mine = static_cast<std::uint32_t>(lanes_.size());
        lanes_.emplace_back();
        lanes_of_session.push_back(mine);
    }
    nodes_[node].lane = mine;
    lanes_[mine].push_back(node);
    nodes_[node].position = static_cast<std::uint32_t>(lanes_[mine].size());
}

void CausalGraph::add_reads_from(std::uint32_t writer, std::uint32_t reader) {
    edges_.push_back({node_of_[writer], node_of_[reader]});
}

void CausalGraph::build_successors() {
    successors_end_.assign(nodes_.size() + 1, 0);
    for (const Edge& edge : edges_) ++successors_end_[edge.before + 1];
    for (std::size_t i = 0; i < nodes_.size(); ++i) successors_end_[i + 1] += successors_end_[i];
    std::vector<std::uint32_t> at(successors_end_.begin(), successors_end_.end() - 1);
    successors_.resize(edges_.size());
    for (const Edge& edge : edges_) successors_[at[edge.before]++] = edge.after;
}

Indices CausalGraph::close() {
    build_successors();
    std::vector<std::uint32_t> waiting(nodes_.size(), 0);
    for (const Edge& edge : edges_) ++waiting[edge.after];
    const std::size_t width = lanes_.size();
    clocks_.assign(nodes_.size() * width, 0);
    Indices ready;
    for (std::uint32_t i = 0; i < nodes_.size(); ++i)
        if (waiting[i] == 0) ready.push_back(i);
    std::size_t done = 0;
    for (; done < ready.size(); ++done) {
        const std::uint32_t node = ready[done];
        std::uint32_t* const mine = clocks_.data() + node * width;
        const std::uint32_t lane = nodes_[node].lane;
        for (std::uint32_t i = successors_end_[node]; i < successors_end_[node + 1]; ++i) {
            std::uint32_t* const theirs = clocks_.data() + successors_[i] * width;
            for (std::size_t each = 0; each < width; ++each)
                theirs[each] = std::max(theirs[each], mine[each]);
            theirs[lane] = std::max(theirs[lane], nodes_[node].position);
            if (--waiting[successors_[i]] == 0) ready.push_back(successors_[i]);
        }
    }
    return done == nodes_.size() ? Indices{} : cycle(waiting);
}

/// From one call that waits to one that it waits for, until one comes again.
Indices CausalGraph::cycle(const std::vector<std::uint32_t>& waiting) const {
    std::vector<std::uint32_t> before(nodes_.size(), none);
    for (const Edge& edge : edges_)
        if (waiting[edge.before] != 0) before[edge.after] = edge.before;
    std::uint32_t node = 0;
    while (waiting[node] == 0) ++node;
    Indices path;
    std::vector<bool> met(nodes_.size(), false);
    for (; !met[node]; node = before[node]) {
        met[node] = true;
        path.push_back(node);
    }
    path.erase(path.begin(), std::find(path.begin(), path.end(), node));
    std::reverse(path.begin(), path.end());
    for (std::uint32_t& each : path) each = nodes_[each].call;
    return path;
}

std::uint32_t CausalGraph::seen(std::uint32_t call, std::uint32_t lane) const {
    return clocks_[node_of_[call] * lanes_.size() + lane];
}

bool CausalGraph::before(std::uint32_t first, std::uint32_t second) const {
    return seen(second, lane_of(first)) >= position_of(first);
}

Indices CausalGraph::path(std::uint32_t first, std::uint32_t second) const {
    const std::uint32_t from = node_of_[first], to = node_of_[second];
    std::vector<std::uint32_t> reached_from(nodes_.size(), none);
    Indices queue{from};
    reached_from[from] = from;
    for (std::size_t i = 0; i < queue.size() && reached_from[to] == none; ++i)
        for (std::uint32_t j = successors_end_[queue[i]]; j < successors_end_[queue[i] + 1]; ++j)
            if (reached_from[successors_[j]] == none) {
                reached_from[successors_[j]] = queue[i];
                queue.push_back(successors_[j]);
            }
    Indices calls;
    if (reached_from[to] == none) return calls;
    for (std::uint32_t node = to; node != from; node = reached_from[node])
        calls.push_back(nodes_[node].call);
    calls.push_back(first);
    std::reverse(calls.begin(), calls.end());
    return calls;
}

}  // namespace conclave::properties
