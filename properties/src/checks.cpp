// The characteristics themselves: which order each asks for, and what is tried before a search.

#include <algorithm>
#include <numeric>

#include "judge_object.hpp"
#include "monitors.hpp"

namespace conclave::properties {

namespace {

Finding whole() {
    Finding finding;
    finding.outcome = Outcome::held;  // an empty history is explained by an empty order
    return finding;
}

bool observes(const Call& call) {
    const bool reads = call.action == Action::read || call.action == Action::members;
    return call.status == Status::ok && (reads || !call.agreed);
}

Indices numbers(const Calls& history) {
    Indices all(history.calls.size());
    std::iota(all.begin(), all.end(), 0U);
    return all;
}

/// Judges every object by itself.
template <typename JudgeOne>
Finding judge_each(const Calls& history, Model model, JudgeOne judge_one) {
    Finding finding = whole();
    Objects(history, model).each([&](std::span<const std::uint32_t> which) {
        join(finding, judge_one(which));
        return finding.outcome != Outcome::violated;
    });
    return finding;
}

Finding linearizable_object(const Calls& history, Model model,
                            std::span<const std::uint32_t> which, const CheckOptions& options) {
    if (options.monitors) {
        Finding finding = monitor_linearizable(history, model, which, options);
        if (finding.outcome != Outcome::undecided) return finding;
    }
    const MakeOrder order = [&](const Program& program) {
        return real_time_order(history, program);
    };
    return judge_by_search(history, model, which, order, options);
}

}  // namespace

Finding check_linearizable(const Calls& history, Model model, const CheckOptions& options) {
    return judge_each(history, model, [&](std::span<const std::uint32_t> which) {
        return linearizable_object(history, model, which, options);
    });
}

Finding check_serializable(const Calls& history, Model model, const CheckOptions& options) {
    return judge_each(history, model, [&](std::span<const std::uint32_t> which) {
        if (options.monitors) {
            Finding finding = monitor_serializable(history, model, which, options);
            if (finding.outcome != Outcome::undecided) return finding;
            finding = linearizable_object(history, model, which, options);
            if (finding.outcome == Outcome::held) return finding;
        }
        return judge_by_search(history, model, which, no_order, options);
    });
}

Finding check_sequential(const Calls& history, Model model, const CheckOptions& options) {
    if (options.monitors) {
        Finding stronger = check_linearizable(history, model, options);
        const Indices all = numbers(history);
        // Linearizability is local: the orders of the objects merge by real time. Only what a session
        // called at the very instant of a return, on another object, real time does not order.
        const bool local = Objects(history, model).single() || !has_instants(history, all);
        if (stronger.outcome == Outcome::held && local) {
            stronger.method += ", linearizable";
            if (!Objects(history, model).single()) stronger.witness.clear();
            return stronger;
        }
        Finding weaker = check_causal(history, model, options);
        if (weaker.outcome == Outcome::violated) return weaker;
        weaker = check_serializable(history, model, options);
        if (weaker.outcome == Outcome::violated) return weaker;
    }
    Finding finding = whole();
    const Indices everything = numbers(history);
    if (everything.empty()) return finding;
    const MakeOrder order = [&](const Program& program) { return session_order(history, program); };
    join(finding, judge_by_search(history, model, everything, order, options));
    return finding;
}

Finding check_same_view(const Calls& history, Model model, const CheckOptions& options) {
    Finding finding = judge_each(history, model, [&](std::span<const std::uint32_t> which) {
        if (options.monitors) {
            Finding found = linearizable_object(history, model, which, options);
            if (found.outcome == Outcome::held) return found;
            found = monitor_same_view(history, model, which);
            if (found.outcome != Outcome::undecided) return found;
        }
        const MakeOrder order = [&](const Program& program) { return view_order(history, program); };
        return judge_by_search(history, model, which, order, options);
    });
    if (finding.outcome == Outcome::held && std::none_of(history.calls.begin(), history.calls.end(), observes)) {
        finding.outcome = Outcome::undecided;
        finding.reason = "nothing was read";
    }
    return finding;
}

namespace {

/// Whether anything could have been seen: a read tried on each of two sides, and an update somewhere.
bool tells_something(const Calls& history, const PartitionWindow& window) {
    std::vector<bool> read(window.sides.size() + 1, false);
    bool updated = false;
    for (Call call : history.calls) {
        // A refusal or a timeout counts as an attempt, at the time of its call.
        if (call.status != Status::ok) call.return_ns = call.call_ns;
        call.status = Status::ok;
        const std::uint32_t side = side_of(call, window);
        if (side == 0) continue;
        const bool reads = call.action == Action::read || call.action == Action::members;
        if (reads) read[side] = true;
        updated |= !reads && call.action != Action::expire;
    }
    std::size_t sides = 0;
    for (const bool one : read) sides += one;
    return updated && sides >= 2;
}

}  // namespace

Finding check_same_view_under_partitions(const Calls& history, Model model,
                                         const CheckOptions& options) {
    Finding finding = whole();
    bool told = false;
    for (const PartitionWindow& window : history.partitions)
        told |= tells_something(history, window);
    if (options.monitors) {
        CheckOptions stronger = options;
        Finding everywhere = check_same_view(history, model, stronger);
        if (everywhere.outcome == Outcome::held && told) return everywhere;
    }
    for (const PartitionWindow& window : history.partitions) {
        Objects(history, model).each([&](std::span<const std::uint32_t> which) {
            const MakeOrder order = [&](const Program& program) {
                return partition_order(history, program, window);
            };
            join(finding, judge_by_search(history, model, which, order, options));
            return finding.outcome != Outcome::violated;
        });
    }
    if (finding.outcome == Outcome::held && !told) {
        finding.outcome = Outcome::undecided;
        finding.reason = "no partition had a read tried on each side and an update";
        finding.witness.clear();
    }
    return finding;
}

bool judged_from_calls(Characteristic characteristic) noexcept {
    switch (characteristic) {
        case Characteristic::linearizable:
        case Characteristic::sequential:
        case Characteristic::causal:
        case Characteristic::serializable:
        case Characteristic::same_view_across_clients:
        case Characteristic::same_view_under_partitions: return true;
        default: return false;
    }
}

Finding check(Characteristic characteristic, const Calls& history, Model model,
              const CheckOptions& options) {
    switch (characteristic) {
        case Characteristic::sequential: return check_sequential(history, model, options);
        case Characteristic::causal: return check_causal(history, model, options);
        case Characteristic::serializable: return check_serializable(history, model, options);
        case Characteristic::same_view_across_clients:
            return check_same_view(history, model, options);
        case Characteristic::same_view_under_partitions:
            return check_same_view_under_partitions(history, model, options);
        default: return check_linearizable(history, model, options);
    }
}

}  // namespace conclave::properties
