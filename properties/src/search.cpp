#include "search.hpp"

#include <algorithm>
#include <tuple>

namespace conclave::properties {

namespace {
constexpr std::uint64_t item_kind = 3;
}

Search::Search(const Program& program, const Order& order, SearchBudget budget)
    : program_(program), order_(order), budget_(budget), state_(program) {
    kind_.reserve(program.items.size());
    for (const Item& item : program.items) {
        kind_.push_back(item.optional ? optional_update : item.observes() ? observation : update);
        if (!item.optional) ++required_left_;
    }
    build_lists();
    build_edges(order.edges);
    placed_.reserve(program.items.size());
    former_.reserve(program.items.size());
}

/// Heads of lists stand behind the items: three lists by call, then one by return, for each class.
std::uint32_t Search::head(std::uint32_t klass, int list) const {
    return static_cast<std::uint32_t>(program_.items.size()) + 4 * klass +
           static_cast<std::uint32_t>(list);
}

void Search::link(Links& links, std::uint32_t head, std::vector<std::uint32_t> sorted) {
    std::uint32_t last = head;
    for (const std::uint32_t item : sorted) {
        links.next[last] = item;
        links.previous[item] = last;
        last = item;
    }
    links.next[last] = none;
}

void Search::build_lists() {
    const std::size_t count = program_.items.size();
    const std::size_t nodes = count + 4 * order_.waits_for.size();
    for (Links* links : {&by_call_, &by_return_}) {
        links->next.assign(nodes, none);
        links->previous.assign(nodes, none);
    }
    std::vector<std::uint32_t> sorted(count);
    for (std::uint32_t i = 0; i < count; ++i) sorted[i] = i;
    const auto link_runs = [&](Links& links, auto list_of) {
        for (std::size_t begin = 0; begin < count;) {
            std::size_t end = begin;
            const std::uint32_t list = list_of(sorted[begin]);
            while (end < count && list_of(sorted[end]) == list) ++end;
            if (list != none)
                link(links, list, {sorted.begin() + static_cast<std::ptrdiff_t>(begin),
                                   sorted.begin() + static_cast<std::ptrdiff_t>(end)});
            begin = end;
        }
    };
    const auto call_list = [&](std::uint32_t i) { return head(order_.class_of[i], kind_[i]); };
    const auto return_list = [&](std::uint32_t i) {
        return program_.items[i].return_ns == never_ns ? none : head(order_.class_of[i], 3);
    };
    std::sort(sorted.begin(), sorted.end(), [&](std::uint32_t a, std::uint32_t b) {
        return std::tuple(call_list(a), program_.items[a].call_ns, a) <
               std::tuple(call_list(b), program_.items[b].call_ns, b);
    });
    link_runs(by_call_, call_list);
    std::sort(sorted.begin(), sorted.end(), [&](std::uint32_t a, std::uint32_t b) {
        return std::tuple(return_list(a), program_.items[a].return_ns, a) <
               std::tuple(return_list(b), program_.items[b].return_ns, b);
    });
    link_runs(by_return_, return_list);
}

void Search::build_edges(const std::vector<Edge>& edges) {
    if (edges.empty()) return;
    const std::size_t count = program_.items.size();
    blockers_.assign(count, 0);
    successors_end_.assign(count + 1, 0);
    for (const Edge& edge : edges) {
        ++blockers_[edge.after];
        ++successors_end_[edge.before + 1];
    }
    for (std::size_t i = 0; i < count; ++i) successors_end_[i + 1] += successors_end_[i];
    std::vector<std::uint32_t> at(successors_end_.begin(), successors_end_.end() - 1);
    successors_.resize(edges.size());
    for (const Edge& edge : edges) successors_[at[edge.before]++] = edge.after;
}

/// An item of this class may come next when it was called no later than this.
std::int64_t Search::bound(std::uint32_t klass) const {
    std::int64_t earliest = never_ns;
    for (const std::uint32_t other : order_.waits_for[klass]) {
        const std::uint32_t first = by_return_.next[head(other, 3)];
        if (first != none) earliest = std::min(earliest, program_.items[first].return_ns);
    }
    return earliest;
}

bool Search::allowed(std::uint32_t item) const {
    if (!blockers_.empty() && blockers_[item] != 0) return false;
    if (ignore_state_) return true;
    const Step& step = program_.items[item].step;
    if (!state_.allows(step)) return false;
    if (readers_left_.empty() || step.effect == Step::Effect::none) return true;
    return readers_left_[state_.value(step.cell)] == (sees_value(program_.items[item]) ? 1 : 0);
}

bool Search::sees_value(const Item& item) const noexcept {
    return !item.optional && item.step.guard == Step::Guard::equals;
}

void Search::values_are_unique(std::size_t values) {
    readers_left_.assign(values, 0);
    for (const Item& item : program_.items)
        if (sees_value(item)) ++readers_left_[item.step.operand];
}

void Search::place(std::uint32_t item) {
    const auto unlink = [item](Links& links) {
        const std::uint32_t before = links.previous[item], after = links.next[item];
        links.next[before] = after;
        if (after != none) links.previous[after] = before;
    };
    unlink(by_call_);
    if (program_.items[item].return_ns != never_ns) unlink(by_return_);
    if (!blockers_.empty())
        for (std::uint32_t i = successors_end_[item]; i < successors_end_[item + 1]; ++i)
            --blockers_[successors_[i]];
    former_.push_back(ignore_state_ ? 0 : state_.apply(program_.items[item].step));
    placed_.push_back(item);
    placed_print_ ^= key(item_kind, item);
    if (!program_.items[item].optional) --required_left_;
    if (!readers_left_.empty() && sees_value(program_.items[item]))
        --readers_left_[program_.items[item].step.operand];
    ++steps_;
}

void Search::take_back() {
    const std::uint32_t item = placed_.back();
    if (!program_.items[item].optional) ++required_left_;
    if (!readers_left_.empty() && sees_value(program_.items[item]))
        ++readers_left_[program_.items[item].step.operand];
    placed_print_ ^= key(item_kind, item);
    state_.undo(program_.items[item].step, former_.back());
    placed_.pop_back();
    former_.pop_back();
    if (!blockers_.empty())
        for (std::uint32_t i = successors_end_[item]; i < successors_end_[item + 1]; ++i)
            ++blockers_[successors_[i]];
    const auto relink = [item](Links& links) {
        const std::uint32_t before = links.previous[item], after = links.next[item];
        links.next[before] = item;
        if (after != none) links.previous[after] = item;
    };
    if (program_.items[item].return_ns != never_ns) relink(by_return_);
    relink(by_call_);
}

/// Takes every observation that may come next and is legal: that never spoils anything later.
void Search::absorb() {
    for (bool again = true; again;) {
        again = false;
        for (std::uint32_t klass = 0; klass < order_.waits_for.size(); ++klass) {
            std::uint32_t item = by_call_.next[head(klass, observation)];
            if (item == none) continue;
            const std::int64_t until = bound(klass);
            while (item != none && program_.items[item].call_ns <= until) {
                const std::uint32_t following = by_call_.next[item];
                if (allowed(item)) {
                    place(item);
                    again = true;
                }
                item = following;
            }
        }
    }
}

/// What must come may come before what can be left out, and what ends first before what ends later.
bool Search::better(std::uint32_t a, std::uint32_t b) const {
    const Item &one = program_.items[a], &two = program_.items[b];
    return std::tuple(one.optional, one.return_ns, a) < std::tuple(two.optional, two.return_ns, b);
}

/// The best update that may come next and is worse than `after`; none when there is no other.
std::uint32_t Search::next_update(std::uint32_t after) const {
    std::uint32_t best = none;
    for (const Kind kind : {update, optional_update}) {
        for (std::uint32_t klass = 0; klass < order_.waits_for.size(); ++klass) {
            std::uint32_t item = by_call_.next[head(klass, kind)];
            if (item == none) continue;
            const std::int64_t until = bound(klass);
            for (; item != none && program_.items[item].call_ns <= until;
                 item = by_call_.next[item]) {
                const bool later = after == none || better(after, item);
                if (later && (best == none || better(item, best)) && allowed(item)) best = item;
            }
        }
        if (best != none) return best;
    }
    return none;
}

void Search::note_longest() {
    if (placed_.size() > longest_.size()) longest_ = placed_;
}

/// Undoes nodes until one has another update to try, and places it.
bool Search::backtrack(std::vector<Frame>& frames, Failures& failed) {
    while (!frames.empty()) {
        Frame& frame = frames.back();
        if (frame.chosen != none) {
            take_back();
            frame.chosen = next_update(frame.chosen);
        }
        if (frame.chosen != none) {
            place(frame.chosen);
            return true;
        }
        failed.insert(placed_print_ ^ state_.fingerprint(), [this] { return configuration(); });
        while (placed_.size() > frame.placed_before) take_back();
        frames.pop_back();
    }
    return false;
}

/// What is placed, one bit an item, and what every cell holds.
std::vector<std::uint32_t> Search::configuration() const {
    const std::size_t words = (program_.items.size() + 31) / 32;
    std::vector<std::uint32_t> all(words, 0);
    for (const std::uint32_t item : placed_) all[item / 32] |= 1U << (item % 32);
    for (std::uint32_t cell = 0; cell < program_.group_of_cell.size(); ++cell)
        all.push_back(state_.value(cell));
    return all;
}

Outcome Search::run() {
    Failures failed(budget_);
    std::vector<Frame> frames;
    while (true) {
        const auto before = static_cast<std::uint32_t>(placed_.size());
        absorb();
        if (required_left_ == 0) return Outcome::held;
        if (steps_ > budget_.steps) return Outcome::undecided;
        std::uint32_t next = none;
        if (!failed.contains(placed_print_ ^ state_.fingerprint(),
                             [this] { return configuration(); })) {
            next = next_update(none);
            frames.push_back({before, next});
        } else {
            while (placed_.size() > before) take_back();
        }
        if (next != none) {
            place(next);
            continue;
        }
        note_longest();
        if (!backtrack(frames, failed)) return Outcome::violated;
    }
}

bool Search::follow(const std::vector<std::uint32_t>& updates) {
    absorb();
    for (const std::uint32_t item : updates) {
        const Item& next = program_.items[item];
        if (next.call_ns > bound(order_.class_of[item]) || !allowed(item)) return false;
        place(item);
        absorb();
    }
    return required_left_ == 0;
}

}  // namespace conclave::properties
