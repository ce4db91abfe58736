#include "walk.hpp"

namespace conclave::scenarios {

namespace {

constexpr Duration just_behind = std::chrono::milliseconds(1);
constexpr Part parts[] = {Part::faults, Part::clients, Part::steps};

/// A Plan of many parts is worth more tries: what coarse passes leave of it is left to fine ones.
std::uint64_t draws(const Plan& plan, Grain grain) {
    const std::size_t parts_left = count(plan, Part::faults) + count(plan, Part::steps);
    return grain == Grain::coarse && parts_left > 20 ? 24 : 3;
}

}  // namespace

Walk::Walk(Plan plan, RunResult run, Trials& trials)
    : plan_(std::move(plan)), run_(std::move(run)), trials_(trials) {}

void Walk::run() {
    do {
        cut();
        take_other(at_times(plan_, run_.fault_begin_ns));
        take_other(pinned(plan_, run_.step_begin_ns));
        while (with_other_draws(Grain::coarse)) continue;
        while (round() && !trials_.spent()) continue;
    } while (with_other_draws(Grain::fine) && !trials_.spent());
}

bool Walk::is_minimal() {
    for (const Part part : parts)
        for (std::size_t i = 0; i < count(plan_, part); ++i) {
            // Without a client there is no history to judge.
            const bool last_client = part == Part::clients && count(plan_, part) == 1;
            if (!last_client && trials_.violating(without(plan_, part, i, 1))) return false;
        }
    return !trials_.spent();
}

/// True when something became smaller or simpler.
bool Walk::round() {
    changed_ = false;
    cut();
    make_plainer();
    for (const Part part : parts) descend(fewer(plan_, part, Grain::fine), Strictness::lax);
    descend(simpler(plan_, violated_behind_healing()), Strictness::strict);
    return changed_;
}

/// What is left may be needed only because without it the network and the drivers draw other numbers
/// at the moment that counts. Under another seed they do so anyway. True when a seed helped; it is
/// kept.
bool Walk::with_other_draws(Grain grain) {
    bool helped = false;
    const std::uint64_t seed = plan_.seed;
    for (std::uint64_t i = 0; i <= draws(plan_, grain) && !trials_.spent(); ++i) {
        changed_ = false;
        make_plainer();
        for (const Part part : parts) {
            Plan other = plan_;
            other.seed = seed + i;
            descend(fewer(std::move(other), part, grain), Strictness::lax);
        }
        helped = helped || changed_;
        if (helped && grain == Grain::fine) break;
    }
    return helped;
}

void Walk::cut() { take_other(cut_at(plan_, trials_.instant(run_) + just_behind)); }

void Walk::make_plainer() {
    // Progress is demanded within this time.
    const bool ends_earlier = trials_.signature().property != "progress";
    descend(plainer(plan_, ends_earlier), Strictness::strict);
}

void Walk::descend(rc::Shrinkable<Plan> from, Strictness strictness) {
    rc::Seq<rc::Shrinkable<Plan>> smaller = from.shrinks();
    while (const rc::Maybe<rc::Shrinkable<Plan>> candidate = smaller.next()) {
        if (trials_.spent()) return;
        if (take(candidate->value(), strictness)) smaller = candidate->shrinks();
    }
}

void Walk::take_other(Plan candidate) {
    if (to_text(candidate) != to_text(plan_)) take(std::move(candidate), Strictness::lax);
}

bool Walk::take(Plan candidate, Strictness strictness) {
    std::optional<RunResult> run = trials_.violating(candidate);
    if (!run) return false;
    if (strictness == Strictness::strict && violates_more(*run, run_)) return false;
    plan_ = std::move(candidate);
    run_ = std::move(*run);
    return changed_ = true;
}

}  // namespace conclave::scenarios
