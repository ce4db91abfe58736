#include <algorithm>

#include "flat_table.hpp"
#include "monitors.hpp"

namespace conclave::properties {

namespace {

/// The one life of a member: joined, and perhaps left, by a call or by the end of its lease. Calls are
/// named by their places among those of the group.
struct Life {
    TextId member = 0;
    std::uint32_t join = nobody;
    std::uint32_t leave = nobody;        ///< a known one
    std::uint32_t maybe_left = nobody;   ///< one of unknown outcome
    std::int64_t end_call_ns = never_ns; ///< the earliest call of what may have ended it
    std::uint32_t seen_by = nobody;      ///< the last read that listed it: see check_read()
    std::uint32_t first_listed = nobody;  ///< the read that listed it and returned first
    std::uint32_t last_listed = nobody;   ///< the one that was called last
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
            if (all && !gather()) return unsure;
            all_edges_ = all;
            if (!find_edges()) return contradiction_;
            Finding finding = search(model, options);
            if (all || finding.outcome == Outcome::held) return finding;
        }
        return unsure;
    }

private:
    /// Edges from one place, up to `end` in targets_.
    struct Run {
        std::uint32_t from = 0, end = 0;
    };

    const Call& at(std::uint32_t place) const { return history_.calls[which_[place]]; }
    bool known(std::uint32_t place) const { return at(place).status == Status::ok; }
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
        const auto count = [&](Action action) {
            return static_cast<std::size_t>(
                std::count_if(which_.begin(), which_.end(), [&](std::uint32_t index) {
                    return history_.calls[index].action == action;
                }));
        };
        lives_.reserve(count(Action::join));
        reads_.reserve(count(Action::members));
        for (std::uint32_t place = 0; place < which_.size(); ++place) {
            const Call& call = at(place);
            if (call.status == Status::failed) continue;
            if (call.action == Action::expire) return false;
            const bool agreed = call.status == Status::unknown || call.agreed;
            if (call.action == Action::members && known(place)) reads_.push_back(place);
            if (call.action == Action::members || !agreed) continue;
            Life& mine = life(call.argument);
            std::uint32_t& part = call.action == Action::join ? mine.join
                                  : known(place)              ? mine.leave
                                                              : mine.maybe_left;
            if (part != nobody) return false;
            part = place;
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

    /// What search() does not need is given back before it.
    void forget() {
        numbers_ = {};
        release(lives_);
        release(reads_);
    }

    bool contradict(std::string what, Indices calls) {
        for (std::uint32_t& call : calls) call = which_[call];
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
        if (waits || before(first, second)) return;
        if (runs_.empty() || runs_.back().from != first) runs_.push_back({first, 0});
        // There may be several a call: room for twice as many would be dear.
        if (targets_.size() == targets_.capacity()) targets_.reserve(targets_.size() * 9 / 8 + 16);
        targets_.push_back(second);
        runs_.back().end = static_cast<std::uint32_t>(targets_.size());
    }

    bool find_edges() {
        release(runs_);
        release(targets_);
        for (const std::uint32_t read : reads_)
            if (!check_listed(read)) return false;
        return check_leaves() && check_reads();
    }

    /// The edges between items, and those of sessions, which are few.
    Successors successors(const Program& program, const Successors& of_sessions) const {
        Indices item_at(which_.size(), nobody);
        for (std::uint32_t i = 0, place = 0; i < program.items.size(); ++i) {
            if (program.items[i].environment) continue;
            while (which_[place] != program.items[i].source) ++place;
            item_at[place] = i;
        }
        const auto each = [&](auto visit) {
            for (std::size_t run = 0, i = 0; run < runs_.size(); ++run)
                for (; i < runs_[run].end; ++i) visit(item_at[runs_[run].from], item_at[targets_[i]]);
            for (std::uint32_t from = 0; from + 1 < of_sessions.begin.size(); ++from)
                for (std::uint32_t i = of_sessions.begin[from]; i < of_sessions.begin[from + 1]; ++i)
                    visit(from, of_sessions.items[i]);
        };
        return successors_of(each, program.items.size());
    }

    bool check_listed(std::uint32_t read) {
        for (const TextId member : history_.list(at(read).result)) {
            Life& mine = life(member);
            if (mine.join == nobody) return contradict("a member that never joined", {read});
            if (before(read, mine.join))
                return contradict("a member before it joined", {read, mine.join});
            if (mine.leave != nobody && before(mine.leave, read))
                return contradict("a member after it left", {mine.leave, read});
            if (mine.first_listed == nobody ||
                at(read).return_ns < at(mine.first_listed).return_ns)
                mine.first_listed = read;
            if (mine.last_listed == nobody || at(read).call_ns > at(mine.last_listed).call_ns)
                mine.last_listed = read;
        }
        return true;
    }

    bool check_reads() {
        const auto by_call = [&](std::uint32_t a, std::uint32_t b) {
            return std::pair(at(a).call_ns, a) < std::pair(at(b).call_ns, b);
        };
        std::sort(reads_.begin(), reads_.end(), by_call);
        Indices by_join;
        by_join.reserve(lives_.size());
        for (std::uint32_t i = 0; i < lives_.size(); ++i)
            if (lives_[i].join != nobody) by_join.push_back(i);
        std::sort(by_join.begin(), by_join.end(), [&](std::uint32_t a, std::uint32_t b) {
            return by_call(lives_[a].join, lives_[b].join);
        });
        Indices active;  // may matter to the reads from here on
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

    bool check_read(std::uint32_t read, const Indices& active) {
        for (const TextId member : history_.list(at(read).result)) {
            Life& mine = life(member);
            mine.seen_by = read;
            edge(mine.join, read);
            if (mine.leave != nobody) edge(read, mine.leave);
        }
        for (const std::uint32_t i : active)
            if (lives_[i].seen_by != read && !check_missing(read, lives_[i])) return false;
        return true;
    }

    bool check_missing(std::uint32_t read, const Life& mine) {
        if (!known(mine.join) && mine.leave == nobody) return true;  // need not have joined
        // Between its join and its end stand also those that listed it.
        const bool listed_before = mine.first_listed != nobody && before(mine.first_listed, read);
        const bool listed_after = mine.last_listed != nobody && before(read, mine.last_listed);
        const bool can_be_before = !before(mine.join, read) && !listed_before;
        const bool can_be_after = at(read).return_ns >= mine.end_call_ns && !listed_after;
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
        if (listed_before) calls.push_back(mine.first_listed);
        if (listed_after) calls.push_back(mine.last_listed);
        else if (mine.leave != nobody) calls.push_back(mine.leave);
        return contradict("a member is missing", calls);
    }

    Finding search(Model model, const CheckOptions& options) {
        forget();
        const Program program = compile(history_, model, which_, {options.strict});
        Order order = real_time_order(history_, program);
        order.successors = successors(program, order.successors);
        release(runs_);
        release(targets_);
        SearchBudget budget = budget_for(program.items.size(), options);
        if (!all_edges_)
            // It goes back a few steps, not far: the latest failures are enough.
            budget = {std::min<std::uint64_t>(budget.steps, 16 * which_.size()), which_.size() / 8};
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
    std::vector<Run> runs_;
    Indices targets_;
    bool all_edges_ = false;
    Finding contradiction_;
};

}  // namespace

Finding monitor_group(const Calls& history, Model model, std::span<const std::uint32_t> which,
                      const CheckOptions& options) {
    return GroupMonitor(history, which).run(model, options);
}

}  // namespace conclave::properties
