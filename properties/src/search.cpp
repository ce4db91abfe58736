#include "search.hpp"

#include <algorithm>
#include <tuple>

namespace conclave::properties {

namespace {
constexpr std::uint64_t item_kind = 3;
}

Search::Search(const Program& program, const Order& order, SearchBudget budget)
    : program_(program), order_(order), budget_(budget), state_(program) {
    for (const Item& item : program.items)
        if (!item.optional) ++required_left_;
    build_calls();
    build_returns();
    build_edges();
    is_placed_.assign(program.items.size(), false);
    placed_.reserve(program.items.size());
    former_.reserve(static_cast<std::size_t>(
        std::count_if(program.items.begin(), program.items.end(),
                      [](const Item& item) { return !item.observes(); })));
}

Search::Kind Search::kind(const Item& item) const noexcept {
    return item.optional ? optional_update : item.observes() ? observation : update;
}

/// Heads of lists stand behind the items: one for each kind of each class.
std::uint32_t Search::head(std::uint32_t klass, Kind kind) const {
    return static_cast<std::uint32_t>(program_.items.size()) + 3 * klass + kind;
}

void Search::build_calls() {
    const std::size_t count = program_.items.size();
    by_call_.next.assign(count + 3 * order_.waits_for.size(), none);
    by_call_.previous.assign(count, none);
    std::vector<std::uint32_t> sorted(count);
    for (std::uint32_t i = 0; i < count; ++i) sorted[i] = i;
    const auto list_of = [&](std::uint32_t i) {
        return head(order_.class_of(i), kind(program_.items[i]));
    };
    std::sort(sorted.begin(), sorted.end(), [&](std::uint32_t a, std::uint32_t b) {
        return std::tuple(list_of(a), program_.items[a].call_ns, a) <
               std::tuple(list_of(b), program_.items[b].call_ns, b);
    });
    std::uint32_t last = none;
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint32_t item = sorted[i];
        if (i == 0 || list_of(item) != list_of(sorted[i - 1])) last = list_of(item);
        by_call_.next[last] = item;
        by_call_.previous[item] = last;
        last = item;
    }
}

void Search::build_returns() {
    by_return_.reserve(program_.items.size());
    for (std::uint32_t i = 0; i < program_.items.size(); ++i)
        if (program_.items[i].return_ns != never_ns) by_return_.push_back(i);
    std::sort(by_return_.begin(), by_return_.end(), [&](std::uint32_t a, std::uint32_t b) {
        return std::tuple(order_.class_of(a), program_.items[a].return_ns, a) <
               std::tuple(order_.class_of(b), program_.items[b].return_ns, b);
    });
    returns_.resize(order_.waits_for.size());
    for (std::uint32_t i = 0; i < by_return_.size(); ++i) {
        Returns& mine = returns_[order_.class_of(by_return_[i])];
        if (mine.end == 0) mine.begin = mine.first = i;
        mine.end = i + 1;
    }
}

void Search::build_edges() {
    if (order_.successors.begin.empty()) return;
    blockers_.assign(program_.items.size(), 0);
    for (const std::uint32_t item : order_.successors.items) ++blockers_[item];
}

std::uint32_t Search::first_to_return(std::uint32_t klass) const {
    const Returns& mine = returns_[klass];
    return mine.first == mine.end ? none : by_return_[mine.first];
}

/// An item of this class may come next when it was called no later than this.
std::int64_t Search::bound(std::uint32_t klass) const {
    std::int64_t earliest = never_ns;
    for (const std::uint32_t other : order_.waits_for[klass]) {
        const std::uint32_t first = first_to_return(other);
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
    const std::uint32_t before = by_call_.previous[item], after = by_call_.next[item];
    by_call_.next[before] = after;
    if (after != none) by_call_.previous[after] = before;
    is_placed_[item] = true;
    Returns& mine = returns_[order_.class_of(item)];
    while (mine.first != mine.end && is_placed_[by_return_[mine.first]]) ++mine.first;
    const Successors& successors = order_.successors;
    if (!blockers_.empty())
        for (std::uint32_t i = successors.begin[item]; i < successors.begin[item + 1]; ++i)
            --blockers_[successors.items[i]];
    if (!program_.items[item].observes())
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
    placed_.pop_back();
    longest_kept_ = std::min(longest_kept_, placed_.size());
    if (!program_.items[item].observes()) {
        state_.undo(program_.items[item].step, former_.back());
        former_.pop_back();
    }
    const Successors& successors = order_.successors;
    if (!blockers_.empty())
        for (std::uint32_t i = successors.begin[item]; i < successors.begin[item + 1]; ++i)
            ++blockers_[successors.items[i]];
    is_placed_[item] = false;
    // Back over what had been gone over since it was placed.
    const auto sooner = [&](std::uint32_t other) {
        return std::pair(program_.items[item].return_ns, item) <=
               std::pair(program_.items[other].return_ns, other);
    };
    Returns& mine = returns_[order_.class_of(item)];
    if (program_.items[item].return_ns != never_ns)
        while (mine.first != mine.begin && sooner(by_return_[mine.first - 1])) --mine.first;
    const std::uint32_t before = by_call_.previous[item], after = by_call_.next[item];
    by_call_.next[before] = item;
    if (after != none) by_call_.previous[after] = item;
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
    if (!keep_longest_ || placed_.size() <= longest_.size()) return;
    longest_.resize(longest_kept_);
    longest_.insert(longest_.end(),
                    placed_.begin() + static_cast<std::ptrdiff_t>(longest_kept_), placed_.end());
    longest_kept_ = longest_.size();
}

/// No order goes on from here: undoes nodes until one has another update to try, and places it. A node
/// is what was absorbed, and behind it the update that was chosen.
bool Search::backtrack(Failures& failed) {
    while (true) {
        failed.insert(placed_print_ ^ state_.fingerprint(), [this] { return configuration(); });
        while (!placed_.empty() && program_.items[placed_.back()].observes()) take_back();
        if (placed_.empty()) return false;
        const std::uint32_t chosen = placed_.back();
        take_back();
        const std::uint32_t next = next_update(chosen);
        if (next != none) {
            place(next);
            return true;
        }
    }
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
    while (true) {
        absorb();
        if (required_left_ == 0) return Outcome::held;
        if (steps_ > budget_.steps) return Outcome::undecided;
        const bool hopeless = failed.contains(placed_print_ ^ state_.fingerprint(),
                                              [this] { return configuration(); });
        const std::uint32_t next = hopeless ? none : next_update(none);
        if (next != none) {
            place(next);
            continue;
        }
        note_longest();
        if (!backtrack(failed)) return Outcome::violated;
    }
}

bool Search::follow(const std::vector<std::uint32_t>& updates) {
    absorb();
    for (const std::uint32_t item : updates) {
        const Item& next = program_.items[item];
        if (next.observes()) continue;  // it changes nothing, and was absorbed or will be
        if (next.call_ns > bound(order_.class_of(item)) || !allowed(item)) return false;
        place(item);
        absorb();
    }
    return required_left_ == 0;
}

}  // namespace conclave::properties
