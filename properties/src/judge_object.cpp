#include "judge_object.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "text.hpp"

namespace conclave::properties {

Objects::Objects(const Calls& history, Model model)
    : history_(history), by_member_(model == Model::capabilities), sorted_(history.calls.size()) {
    std::iota(sorted_.begin(), sorted_.end(), 0U);
    const auto name = [&](std::uint32_t i) {
        const Call& call = history_.calls[i];
        return std::pair(call.object, by_member_ ? call.argument : 0);
    };
    if (std::adjacent_find(sorted_.begin(), sorted_.end(), [&](std::uint32_t a, std::uint32_t b) {
            return name(a) > name(b);
        }) == sorted_.end())
        return;
    std::sort(sorted_.begin(), sorted_.end(), [&](std::uint32_t a, std::uint32_t b) {
        return std::pair(name(a), a) < std::pair(name(b), b);
    });
}

bool Objects::same(std::uint32_t a, std::uint32_t b) const {
    const Call &one = history_.calls[a], &two = history_.calls[b];
    return one.object == two.object && (!by_member_ || one.argument == two.argument);
}

bool Objects::single() const { return sorted_.empty() || same(sorted_.front(), sorted_.back()); }

void Objects::each(const std::function<bool(std::span<const std::uint32_t>)>& visit) const {
    for (std::size_t begin = 0; begin < sorted_.size();) {
        std::size_t end = begin;
        while (end < sorted_.size() && same(sorted_[begin], sorted_[end])) ++end;
        if (!visit(std::span(sorted_).subspan(begin, end - begin))) return;
        begin = end;
    }
}

SearchBudget budget_for(std::size_t items, const CheckOptions& options) {
    constexpr std::uint64_t configurations_min = 1 << 18;
    return {options.steps_max, std::max<std::uint64_t>(configurations_min, 2 * items)};
}

Indices witness_of(const Program& program, std::span<const std::uint32_t> placed) {
    Indices calls;
    calls.reserve(placed.size());
    for (const std::uint32_t i : placed) {
        const Item& item = program.items[i];
        calls.push_back(item.environment ? item.source | lease_end : item.source);
    }
    return calls;
}

void join(Finding& whole, Finding part) {
    if (whole.outcome == Outcome::violated) return;
    if (part.outcome == Outcome::held && whole.outcome == Outcome::undecided &&
        !whole.method.empty())
        return;
    const bool first = whole.method.empty();
    whole.outcome = part.outcome;
    if (!first && whole.method.find(part.method) == std::string::npos)
        part.method = whole.method + ", " + part.method;
    else if (!first && part.outcome == Outcome::held)
        part.method = whole.method;
    whole.method = std::move(part.method);
    whole.headline = std::move(part.headline);
    whole.reason = std::move(part.reason);
    whole.counterexample = std::move(part.counterexample);
    if (whole.outcome != Outcome::held)
        whole.witness.clear();
    else if (first)
        whole.witness = std::move(part.witness);
    else
        whole.witness.insert(whole.witness.end(), part.witness.begin(), part.witness.end());
}

Finding violated_by(const Calls& history, std::string method, std::string what, Indices calls) {
    Finding finding;
    finding.outcome = Outcome::violated;
    finding.method = std::move(method);
    finding.headline = std::move(what);
    finding.reason =
        finding.headline + ": " + describe(history, std::span<const std::uint32_t>(calls));
    finding.counterexample = std::move(calls);
    return finding;
}

namespace {

/// After the longest order that was tried: what has ended first among the rest, and could not come.
Indices left_over(const Program& program, const Indices& longest) {
    constexpr std::size_t shown_max = 4;
    std::vector<bool> placed(program.items.size(), false);
    for (const std::uint32_t item : longest) placed[item] = true;
    Indices rest;
    for (std::uint32_t i = 0; i < program.items.size(); ++i)
        if (!placed[i] && !program.items[i].optional) rest.push_back(i);
    std::sort(rest.begin(), rest.end(), [&](std::uint32_t a, std::uint32_t b) {
        return std::pair(program.items[a].return_ns, a) < std::pair(program.items[b].return_ns, b);
    });
    if (rest.size() > shown_max) rest.resize(shown_max);
    return witness_of(program, rest);
}

/// Two configurations with one fingerprint could have hidden an order: a violation is looked for
/// again with configurations remembered whole, as far as a bounded memory goes. `steps`: what it
/// took.
void verify(const Program& program, const Order& order, std::uint64_t steps, Finding& finding) {
    constexpr std::uint64_t bytes_max = 64 << 20;
    const std::size_t count = program.items.size();
    const std::uint64_t bytes_each = 64 + 4 * (count / 32 + 1 + program.group_of_cell.size());
    Search again(program, order, {2 * steps + 1000, bytes_max / bytes_each, true});
    const Outcome outcome = again.run();
    if (outcome == Outcome::undecided) finding.method = "search by fingerprints";
    if (outcome != Outcome::held) return;
    finding.outcome = Outcome::held;
    finding.witness = witness_of(program, again.order());
}

}  // namespace

Finding judge_by_search(const Calls& history, Model model, std::span<const std::uint32_t> which,
                        const MakeOrder& make_order, const CheckOptions& options) {
    const Program program = compile(history, model, which, {options.strict});
    const Order order = make_order(program);
    Finding finding;
    finding.method = "search";
    Search search(program, order, budget_for(program.items.size(), options));
    search.keep_longest();
    finding.outcome = search.run();
    if (finding.outcome == Outcome::held) finding.witness = witness_of(program, search.order());
    if (finding.outcome == Outcome::undecided)
        finding.reason = "the search gave up after " + std::to_string(search.steps()) + " steps";
    if (finding.outcome == Outcome::violated) verify(program, order, search.steps(), finding);
    if (finding.outcome != Outcome::violated) return finding;
    const Indices rest = left_over(program, search.longest());
    return violated_by(history, finding.method,
                       "no order explains " + std::to_string(program.items.size()) + " calls on " +
                           history.text(history.calls[which.front()].object) + "; after the " +
                           std::to_string(search.longest().size()) +
                           " that one can explain there is no place for",
                       rest);
}

}  // namespace conclave::properties
