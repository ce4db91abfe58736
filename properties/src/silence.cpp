#include "conclave/properties/silence.hpp"

#include <algorithm>

#include "conclave/properties/characteristics.hpp"
#include "standing.hpp"
#include "text.hpp"

namespace conclave::properties {

namespace {

/// Why `call`, made by another session, shows that `held` was lost; empty when it does not.
std::string loss_shown(const Calls& history, Model model, const Held& held, const Call& call) {
    if (call.action == Action::acquire && call.agreed) return "another was given it";
    if (!reads_holders(model, call) || lists(history, call, held)) return "";
    return model == Model::leader ? "another read that it was not the leader"
                                  : "another read misses it";
}

class PauseJudge {
public:
    PauseJudge(const Calls& history, Model model) : history_(history), model_(model) {}

    void judge(const Silence& pause) {
        for (const Held& held : held_at(history_, pause.session, pause.begin_ns)) {
            for (std::uint32_t i = 0; i < history_.calls.size(); ++i) look(pause, held, i);
            ask_owner(pause, held);
        }
    }

    Verdict verdict;

private:
    void look(const Silence& pause, const Held& held, std::uint32_t index) {
        const Call& call = history_.calls[index];
        const bool other = call.session != pause.session && call.object == held.object;
        const bool inside = call.status == Status::ok && call.call_ns >= pause.begin_ns &&
                            call.return_ns <= pause.end_ns;
        const bool looks = call.action == Action::acquire || reads_holders(model_, call);
        if (!other || !inside || !looks) return;
        ++cases_;
        const std::string shown = loss_shown(history_, model_, held, call);
        if (!shown.empty()) blame(pause, held, index, shown);
        else note();
    }

    /// The owner's first call about it after the pause.
    void ask_owner(const Silence& pause, const Held& held) {
        std::uint32_t first = UINT32_MAX;
        for (std::uint32_t i = 0; i < history_.calls.size(); ++i) {
            const Call& call = history_.calls[i];
            const bool about = call.session == pause.session && call.object == held.object &&
                               call.argument == held.name && call.call_ns >= pause.end_ns &&
                               (takes(call) || call.action == Action::renew);
            if (about && (first == UINT32_MAX || call.call_ns < history_.calls[first].call_ns))
                first = i;
        }
        if (first == UINT32_MAX || history_.calls[first].status != Status::ok) return;
        ++cases_;
        if (!history_.calls[first].agreed) blame(pause, held, first, "its owner no longer had it");
        else note();
    }

    void blame(const Silence& pause, const Held& held, std::uint32_t index,
               const std::string& shown) {
        const std::int64_t at_ns = history_.calls[index].return_ns;
        if (verdict.outcome == Outcome::violated && verdict.at_ns <= at_ns) return;
        verdict = violated("non_timeout_based", history_.text(held.object), at_ns,
                           "process " + history_.text(pause.session) + " stood still from " +
                               seconds(pause.begin_ns) + " to " + seconds(pause.end_ns) +
                               " and had " + describe(history_, held.since) + ", but " + shown +
                               ": " + describe(history_, index),
                           cases_);
    }
    void note() {
        if (verdict.outcome != Outcome::violated)
            verdict = held_or_undecided("non_timeout_based", cases_);
    }

    const Calls& history_;
    Model model_;
    std::uint64_t cases_ = 0;
};

}  // namespace

Verdict check_pauses(const Calls& history, Model model, const std::vector<Silence>& pauses,
                     std::int64_t timeout_max_ns) {
    PauseJudge judge(history, model);
    judge.verdict = held_or_undecided("non_timeout_based", 0);
    for (const Silence& pause : pauses)
        if (pause.end_ns - pause.begin_ns >= 10 * timeout_max_ns) judge.judge(pause);
    return judge.verdict;
}

Verdict check_stretched(const std::set<Loss>& usual, const std::set<Loss>& stretched) {
    const std::string property = "non_timeout_based";
    std::vector<Loss> differing;
    std::set_symmetric_difference(usual.begin(), usual.end(), stretched.begin(), stretched.end(),
                                  std::back_inserter(differing));
    const std::uint64_t cases = std::max(usual.size(), stretched.size());
    if (differing.empty()) return held_or_undecided(property, cases);
    const Loss& first = differing.front();
    return violated(property, first.object, 0,
                    first.session + " lost " + first.object +
                        (usual.contains(first) ? " only with timeouts as they are"
                                               : " only with timeouts ten times as long"),
                    cases);
}

Verdict check_provenance(const std::vector<CausedEvent>& trace) {
    const std::string property = "non_timeout_based";
    std::uint64_t cases = 0;
    for (std::uint32_t i = 0; i < trace.size(); ++i) {
        if (!trace[i].loss) continue;
        ++cases;
        std::string chain;
        for (std::uint32_t event = i; event != CausedEvent::none; event = trace[event].cause) {
            chain = seconds(trace[event].at_ns) + " " + trace[event].what +
                    (chain.empty() ? "" : " -> " + chain);
            if (trace[event].silence_timer)
                return violated(property, trace[i].what, trace[i].at_ns,
                                "a timer of silence caused a loss: " + chain, cases);
        }
    }
    return held_or_undecided(property, cases);
}

namespace {

/// Whether `call` may have got, after `at_ns`, what somebody else had then.
bool may_take(const Call& call, std::int64_t at_ns) {
    if (call.action != Action::acquire || call.status == Status::failed) return false;
    return call.status == Status::unknown || (call.agreed && call.return_ns > at_ns);
}

}  // namespace

Verdict check_prompt_release(const Calls& history, Model model, const std::vector<Silence>& deaths,
                             std::int64_t bound_ns) {
    const std::string property = "prompt_release";
    std::uint64_t cases = 0;
    for (const Silence& death : deaths)
        for (const Held& held : held_at(history, death.session, death.begin_ns)) {
            bool taken = false;  // by somebody who came first: later refusals are due to that one
            for (std::uint32_t i = 0; i < history.calls.size(); ++i) {
                const Call& call = history.calls[i];
                const bool about = call.session != death.session && call.object == held.object;
                if (!about) continue;
                taken |= may_take(call, death.begin_ns);
                const bool late = call.status == Status::ok &&
                                  call.call_ns > death.begin_ns + bound_ns;
                if (!late) continue;
                const bool refused = call.action == Action::acquire && !call.agreed && !taken;
                const bool reads = reads_holders(model, call);
                // Whoever came first may act for the same member.
                const bool listed = lists(history, call, held) && !(taken && model == Model::leader);
                cases += call.action == Action::acquire || reads;
                if (refused || (reads && listed))
                    return violated(property, history.text(held.object), call.return_ns,
                                    "process " + history.text(death.session) + " died at " +
                                        seconds(death.begin_ns) + " with " +
                                        describe(history, held.since) + ", and later " +
                                        describe(history, i),
                                    cases);
            }
        }
    return held_or_undecided(property, cases);
}

}  // namespace conclave::properties
