// Causal consistency by its definition: for every way in which reads may have got what they saw, is
// there for each read an order of what it knew at whose end stands what it saw?

#include <algorithm>
#include <map>
#include <set>

#include "oracle.hpp"
#include "world.hpp"

namespace conclave::oracle {

namespace {

/// That `reader` saw at `place` one of `sources`; -1 stands for the initial value.
struct Sight {
    int reader = 0;
    std::pair<TextId, TextId> place;
    std::vector<int> sources;
};

class CausalPuzzle {
public:
    CausalPuzzle(const Calls& history, Model model) : history_(history), model_(model) {}

    std::optional<bool> solve() {
        if (!gather()) return std::nullopt;
        std::vector<int> chosen(sights_.size(), -1);
        return choose(0, chosen);
    }

private:
    const Call& at(int i) const { return history_.calls[static_cast<std::size_t>(i)]; }
    int count() const { return static_cast<int>(history_.calls.size()); }

    /// Nodes are calls, and behind them the ends of their leases.
    int lease_end_of(int call) const { return count() + call; }

    bool gather() {
        if (model_ == Model::group) return gather_group();
        if (model_ != Model::register_ && model_ != Model::cas_register) return false;
        std::map<std::pair<TextId, TextId>, int> writers;
        for (int i = 0; i < count(); ++i) {
            if (at(i).status == Status::failed || !is_update(at(i), model_)) continue;
            const TextId value = at(i).action == Action::cas ? at(i).second : at(i).argument;
            if (value == 0 || !writers.emplace(std::pair(at(i).object, value), i).second)
                return false;
            writes_[{at(i).object, 0}].push_back(i);
        }
        for (int i = 0; i < count(); ++i) {
            const Call& call = at(i);
            const bool reads = call.action == Action::read && call.status == Status::ok;
            const bool replaces = call.action == Action::cas &&
                                  (call.status == Status::unknown ||
                                   (call.status == Status::ok && call.agreed));
            if (!reads && !replaces) continue;
            const TextId value = reads ? call.result : call.argument;
            Sight sight{i, {call.object, 0}, {}};
            const auto writer = writers.find({call.object, value});
            if (value == 0) sight.sources = {-1};
            else if (writer != writers.end()) sight.sources = {writer->second};
            sights_.push_back(sight);
        }
        return true;
    }

    bool gather_group() {
        std::map<std::pair<TextId, TextId>, int> joins, leaves, maybe;
        for (int i = 0; i < count(); ++i) {
            const Call& call = at(i);
            if (call.status == Status::failed || call.action == Action::members) continue;
            if (call.action == Action::expire) return false;
            if (call.status == Status::ok && !call.agreed) continue;
            auto& table = call.action == Action::join ? joins
                          : call.status == Status::ok ? leaves
                                                      : maybe;
            if (!table.emplace(std::pair(call.object, call.argument), i).second) return false;
            writes_[{call.object, call.argument}].push_back(i);
        }
        std::map<std::pair<TextId, TextId>, std::vector<int>> ends;
        for (const auto& [place, leave] : leaves) {
            sights_.push_back({leave, place, {}});
            if (joins.contains(place)) sights_.back().sources = {joins[place]};
            ends[place].push_back(leave);
        }
        for (const auto& [place, leave] : maybe) {
            if (leaves.contains(place) || !joins.contains(place)) continue;
            sights_.push_back({leave, place, {joins[place]}});
            ends[place].push_back(leave);
        }
        for (const auto& [place, join] : joins) {
            if (leaves.contains(place) || at(join).ttl_ns <= 0) continue;
            sights_.push_back({lease_end_of(join), place, {join}});
            ends[place].push_back(lease_end_of(join));
            writes_[place].push_back(lease_end_of(join));
        }
        for (int i = 0; i < count(); ++i) {
            if (at(i).action != Action::members || at(i).status != Status::ok) continue;
            std::set<TextId> listed;
            for (const TextId member : history_.list(at(i).result)) {
                listed.insert(member);
                const std::pair place(at(i).object, member);
                sights_.push_back({i, place, {}});
                if (joins.contains(place)) sights_.back().sources = {joins[place]};
            }
            for (const auto& [place, join] : joins) {
                if (place.first != at(i).object || listed.contains(place.second)) continue;
                std::vector<int> sources{-1};
                for (const int end : ends[place]) sources.push_back(end);
                sights_.push_back({i, place, sources});
            }
        }
        return true;
    }

    bool choose(std::size_t next, std::vector<int>& chosen) {
        if (next == sights_.size()) return consistent(chosen);
        if (sights_[next].sources.empty()) {
            chosen[next] = impossible;
            return !happened_for_sure(sights_[next].reader) && choose(next + 1, chosen);
        }
        for (const int source : sights_[next].sources) {
            chosen[next] = source;
            if (choose(next + 1, chosen)) return true;
        }
        return false;
    }

    static constexpr int impossible = -2;  ///< what the reader saw was never there

    bool happened_for_sure(int node) const {
        return node < count() && at(node).status == Status::ok;
    }

    bool awaited(int a, int b) const {
        if (a >= count() || b >= count()) return false;
        if (at(a).status != Status::ok || at(b).status == Status::failed) return false;
        if (at(a).action == Action::expire || at(b).action == Action::expire) return false;
        if (told(history_, a, b)) return true;
        return at(a).session == at(b).session &&
               (at(a).return_ns < at(b).call_ns ||
                (at(a).return_ns == at(b).call_ns && a < b));
    }

    bool consistent(const std::vector<int>& chosen) {
        const std::size_t nodes = 2 * history_.calls.size();
        std::vector<std::vector<bool>> before(nodes, std::vector<bool>(nodes, false));
        for (std::size_t a = 0; a < nodes; ++a)
            for (std::size_t b = 0; b < nodes; ++b)
                before[a][b] = awaited(static_cast<int>(a), static_cast<int>(b));
        for (std::size_t i = 0; i < sights_.size(); ++i)
            if (chosen[i] >= 0)
                before[static_cast<std::size_t>(chosen[i])]
                      [static_cast<std::size_t>(sights_[i].reader)] = true;
        for (std::size_t via = 0; via < nodes; ++via)
            for (std::size_t a = 0; a < nodes; ++a)
                for (std::size_t b = 0; before[a][via] && b < nodes; ++b)
                    if (before[via][b]) before[a][b] = true;
        for (std::size_t a = 0; a < nodes; ++a)
            if (before[a][a]) return false;
        for (std::size_t i = 0; i < sights_.size(); ++i) {
            // What did not surely happen counts once somebody saw it.
            const auto reader = static_cast<std::size_t>(sights_[i].reader);
            bool matters = happened_for_sure(sights_[i].reader);
            for (std::size_t other = 0; other < nodes; ++other)
                matters |= before[reader][other] && happened_for_sure(static_cast<int>(other));
            if (matters && !explained(before, sights_[i], chosen[i])) return false;
        }
        return true;
    }

    /// Whether what the reader knew of the place can be ordered so that `source` comes last.
    bool explained(const std::vector<std::vector<bool>>& before, const Sight& sight, int source) {
        std::vector<int> known;
        for (const int write : writes_[sight.place])
            if (before[static_cast<std::size_t>(write)][static_cast<std::size_t>(sight.reader)])
                known.push_back(write);
        if (source == impossible) return false;
        if (source < 0) return known.empty();
        std::sort(known.begin(), known.end());
        do {
            bool legal = !known.empty() && known.back() == source;
            for (std::size_t i = 0; legal && i < known.size(); ++i)
                for (std::size_t j = i + 1; legal && j < known.size(); ++j)
                    legal = !before[static_cast<std::size_t>(known[j])]
                                   [static_cast<std::size_t>(known[i])];
            if (legal) return true;
        } while (std::next_permutation(known.begin(), known.end()));
        return false;
    }

    const Calls& history_;
    Model model_;
    std::map<std::pair<TextId, TextId>, std::vector<int>> writes_;
    std::vector<Sight> sights_;
};

}  // namespace

std::optional<bool> causal(const Calls& history, Model model) {
    return CausalPuzzle(history, model).solve();
}

}  // namespace conclave::oracle
