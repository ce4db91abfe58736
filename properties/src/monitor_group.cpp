#include <algorithm>
#include <map>

#include "flat_table.hpp"
#include "monitors.hpp"

namespace conclave::properties {

namespace {

/// The one life of a member: joined, and perhaps left, by a call or by the end of its lease.
struct Life {
    TextId member = 0;
    std::uint32_t join = nobody;
    std::uint32_t leave = nobody;        ///< a known one
    std::uint32_t maybe_left = nobody;   ///< one of unknown outcome
    std::int64_t end_call_ns = never_ns; ///< the earliest call of what may have ended it
    std::uint32_t seen_by = nobody;      ///< the last read that listed it: see check_read()
};

/// A read that lists a member stands behind its join and before its leave; one that does not, stands
/// before its join or behind its leave. Where real time excludes one of the two, it is an edge; a
/// cycle of edges and real time is a contradiction, and edges guide the search otherwise.
class GroupMonitor {
public:
    GroupMonitor(const Calls& history, std::span<const std::uint32_t> which)
        : history_(history), which_(which) {}

    Finding run(Model model, const CheckOptions& options) {
        Finding unsure;
        unsure.method = "graph";
        if (!gather()) return unsure;
        // What a read has to wait for, its answer says as well: those edges are only needed to find
        // a cycle, and cost as much memory as the others.
        for (const bool all : {false, true}) {
            all_edges_ = all;
            edges_.clear();
            if (!check_leaves() || !check_reads()) return contradiction_;
            Finding finding = search(model, options);
            if (all || finding.outcome == Outcome::held) return finding;
        }
        return unsure;
    }

private:
    const Call& at(std::uint32_t index) const { return history_.calls[index]; }
    bool known(std::uint32_t index) const { return at(index).status == Status::ok; }
    bool before(std::uint32_t a, std::uint32_t b) const { return precedes(at(a), at(b)); }

    Life& life(TextId member) {
        const auto next = static_cast<std::uint32_t>(lives_.size());
        const std::uint32_t found = numbers_.find_or_add(member, next);
        if (found == next) {
            lives_.emplace_back();
            lives_.back().member = member;
        }
        return lives_[found];
    }

    bool gather() {
        for (const std::uint32_t index : which_) {
            const Call& call = at(index);
            if (call.status == Status::failed) continue;
            if (call.action == Action::expire) return false;
            const bool agreed = call.status == Status::unknown || call.agreed;
            if (call.action == Action::members && known(index)) reads_.push_back(index);
            if (call.action == Action::members || !agreed) continue;
            Life& mine = life(call.argument);
            std::uint32_t& place = call.action == Action::join ? mine.join
                                   : known(index)              ? mine.leave
                                                               : mine.maybe_left;
            if (place != nobody) return false;
            place = index;
        }
        for (Life& life : lives_) {
            if (life.join == nobody) continue;
            const Call& join = at(life.join);
            if (join.ttl_ns > 0) life.end_call_ns = join.call_ns + join.ttl_ns;
            if (life.maybe_left != nobody)
                life.end_call_ns = std::min(life.end_call_ns, at(life.maybe_left).call_ns);
            if (life.leave != nobody) life.end_call_ns = at(life.leave).call_ns;
        }
        return true;
    }

    bool contradict(std::string what, Indices calls) {
        contradiction_ = violated_by(history_, "graph", std::move(what), std::move(calls));
        return false;
    }

    bool check_leaves() {
        for (const Life& life : lives_) {
            if (life.leave == nobody) continue;
            if (life.join == nobody) return contradict("left without having joined", {life.leave});
            if (before(life.leave, life.join))
                return contradict("left before it joined", {life.leave, life.join});
            edge(life.join, life.leave);
        }
        return true;
    }

    void edge(std::uint32_t first, std::uint32_t second) {
        const bool waits = at(second).action == Action::members && !all_edges_;
        if (!waits && !before(first, second)) edges_.push_back({first, second});
    }

    bool check_reads() {
        const auto by_call = [&](std::uint32_t a, std::uint32_t b) {
            return std::pair(at(a).call_ns, a) < std::pair(at(b).call_ns, b);
        };
        std::sort(reads_.begin(), reads_.end(), by_call);
        std::vector<std::uint32_t> by_join;
        for (std::uint32_t i = 0; i < lives_.size(); ++i)
            if (lives_[i].join != nobody) by_join.push_back(i);
        std::sort(by_join.begin(), by_join.end(), [&](std::uint32_t a, std::uint32_t b) {
            return by_call(lives_[a].join, lives_[b].join);
        });
        std::vector<std::uint32_t> active;  // may matter to the reads from here on
        std::size_t next = 0;
        for (const std::uint32_t read : reads_) {
            for (; next < by_join.size() &&
                   at(lives_[by_join[next]].join).call_ns <= at(read).return_ns; ++next)
                active.push_back(by_join[next]);
            std::erase_if(active, [&](std::uint32_t i) {
                return lives_[i].leave != nobody && before(lives_[i].leave, read);
            });
            if (!check_read(read, active)) return false;
        }
        return true;
    }

    bool check_read(std::uint32_t read, const std::vector<std::uint32_t>& active) {
        for (const TextId member : history_.list(at(read).result)) {
            Life& mine = life(member);
            if (mine.join == nobody) return contradict("a member that never joined", {read});
            mine.seen_by = read;
            if (before(read, mine.join))
                return contradict("a member before it joined", {read, mine.join});
            if (mine.leave != nobody && before(mine.leave, read))
                return contradict("a member after it left", {mine.leave, read});
            edge(mine.join, read);
            if (mine.leave != nobody) edge(read, mine.leave);
        }
        for (const std::uint32_t i : active)
            if (lives_[i].seen_by != read && !check_missing(read, lives_[i])) return false;
        return true;
    }

    bool check_missing(std::uint32_t read, const Life& mine) {
        if (!known(mine.join) && mine.leave == nobody) return true;  // need not have joined
        const bool can_be_before = !before(mine.join, read);
        const bool can_be_after = at(read).return_ns >= mine.end_call_ns;
        if (can_be_before && can_be_after) return true;  // the search decides
        if (can_be_before) {
            edge(read, mine.join);
            return true;
        }
        if (can_be_after) {
            if (mine.leave != nobody) edge(mine.leave, read);
            return true;
        }
        Indices calls{mine.join, read};
        if (mine.end_call_ns != never_ns && mine.leave != nobody) calls.push_back(mine.leave);
        return contradict("a member is missing", calls);
    }

    Finding search(Model model, const CheckOptions& options) {
        const Program program = compile(history_, model, which_, {options.strict});
        Order order = real_time_order(history_, program);
        std::vector<std::uint32_t> item_of(which_.empty() ? 0 : which_.back() + 1, nobody);
        for (std::uint32_t i = 0; i < program.items.size(); ++i)
            if (!program.items[i].environment) item_of[program.items[i].source] = i;
        for (Edge& edge : edges_) edge = {item_of[edge.before], item_of[edge.after]};
        edges_.insert(edges_.end(), order.edges.begin(), order.edges.end());
        order.edges = std::move(edges_);
        item_of = {};
        SearchBudget budget = budget_for(program.items.size(), options);
        if (!all_edges_) budget.steps = std::min<std::uint64_t>(budget.steps, 16 * which_.size());
        Search search(program, order, budget);
        Finding finding;
        finding.method = "graph";
        const Indices cycle = all_edges_ ? search.cycle() : Indices{};
        if (!cycle.empty())
            return violated_by(history_, "graph", "each of these had to come before the next",
                               witness_of(program, cycle));
        finding.outcome = search.run();
        if (finding.outcome == Outcome::held) finding.witness = witness_of(program, search.order());
        // Without a cycle it is for judge_by_search() to say what is wrong.
        if (finding.outcome == Outcome::violated) finding.outcome = Outcome::undecided;
        return finding;
    }

    const Calls& history_;
    std::span<const std::uint32_t> which_;
    NumberTable numbers_;
    std::vector<Life> lives_;
    Indices reads_;
    std::vector<Edge> edges_;  ///< between calls
    bool all_edges_ = false;
    Finding contradiction_;
};

}  // namespace

Finding monitor_group(const Calls& history, Model model, std::span<const std::uint32_t> which,
                      const CheckOptions& options) {
    return GroupMonitor(history, which).run(model, options);
}

}  // namespace conclave::properties
