#include "fuzz.hpp"

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "../oracle/oracle.hpp"
#include "conclave/properties/characteristics.hpp"

namespace conclave::fuzz {

using namespace properties;

namespace {

/// Witnesses of several objects stand one after the other: real time is kept within each only.
bool single_object(const Calls& history, Model model) {
    return std::all_of(history.calls.begin(), history.calls.end(), [&](const Call& call) {
        const Call& first = history.calls.front();
        return call.object == first.object &&
               (model != Model::capabilities || call.argument == first.argument);
    });
}

/// nullopt where the characteristic is not defined for the history.
std::optional<bool> by_definition(const Calls& history, Model model, Characteristic characteristic,
                                  bool strict) {
    switch (characteristic) {
        case Characteristic::linearizable:
            return oracle::explains(history, model, oracle::Rule::linearizable, strict);
        case Characteristic::sequential:
            return oracle::explains(history, model, oracle::Rule::sequential, strict);
        case Characteristic::serializable:
            return oracle::explains(history, model, oracle::Rule::serializable, strict);
        case Characteristic::same_view_across_clients:
            return oracle::explains(history, model, oracle::Rule::same_view, strict);
        case Characteristic::same_view_under_partitions:
            return std::all_of(history.partitions.begin(), history.partitions.end(),
                               [&](const auto& window) {
                                   return oracle::explains_across(history, model, window, strict);
                               });
        default: return oracle::causal(history, model);
    }
}

std::optional<oracle::Rule> rule_of(Characteristic characteristic) {
    switch (characteristic) {
        case Characteristic::linearizable: return oracle::Rule::linearizable;
        case Characteristic::sequential: return oracle::Rule::sequential;
        case Characteristic::serializable: return oracle::Rule::serializable;
        case Characteristic::same_view_across_clients: return oracle::Rule::same_view;
        default: return std::nullopt;
    }
}

/// What is wrong with the finding; empty when nothing is.
std::string fault(const Calls& history, Model model, Characteristic characteristic, bool strict,
                  const Finding& finding, const std::optional<bool>& truth) {
    const bool vacuous =
        finding.outcome == Outcome::undecided &&
        (finding.reason == "nothing was read" || finding.reason.starts_with("no partition had"));
    if (!truth) return finding.outcome == Outcome::undecided ? "" : "decided what is not defined";
    if (vacuous) return *truth ? "" : "called vacuous what is violated";
    if (finding.outcome == Outcome::undecided) return "undecided: " + finding.reason;
    if ((finding.outcome == Outcome::held) != *truth)
        return to_string(finding.outcome) + " by " + finding.method + ", but the oracle says " +
               (*truth ? "held" : "violated") + "\n" + finding.reason;
    if (finding.outcome == Outcome::violated && finding.counterexample.empty())
        return "violated without a counterexample by " + finding.method;
    const auto rule = rule_of(characteristic);
    const bool shown = finding.outcome == Outcome::held && !finding.witness.empty() && rule;
    const bool wrong =
        shown && single_object(history, model) &&
        !oracle::is_explanation(history, model, *rule, strict, finding.witness, lease_end);
    return wrong ? "the witness of " + finding.method + " explains nothing" : "";
}

/// Whether a lease or session may end before the last call has returned.
bool may_expire(const Calls& history) {
    std::int64_t last_ns = 0;
    for (const Call& call : history.calls)
        last_ns = std::max(last_ns, call.status == Status::ok ? call.return_ns : call.call_ns);
    return std::any_of(history.calls.begin(), history.calls.end(), [&](const Call& call) {
        const bool lapses = call.ttl_ns > 0 && call.call_ns + call.ttl_ns <= last_ns;
        return call.action == Action::expire || lapses;
    });
}

}  // namespace

void compare(const Calls& history, Model model, Characteristic characteristic, bool strict,
             Count& count) {
    ++count.histories;
    bool unknown = false;
    for (const Call& call : history.calls) unknown |= call.status == Status::unknown;
    count.unknown += unknown;
    count.messages += !history.messages.empty();
    count.expiring += may_expire(history);
    const std::optional<bool> truth = by_definition(history, model, characteristic, strict);
    count.violating += truth && !*truth;
    count.undecided += !truth;
    for (const bool monitors : {true, false}) {
        const Finding finding = check(characteristic, history, model, {strict, monitors});
        count.by_monitor += monitors && finding.method != "search";
        const std::string wrong = fault(history, model, characteristic, strict, finding, truth);
        if (wrong.empty() || !count.disagreement.empty()) continue;
        count.disagreement = std::string(to_string(model)) + " " +
                             std::string(conclave::to_string(characteristic)) +
                             (strict ? " strict" : "") + (monitors ? "" : " without monitors") +
                             ": " + wrong + "\n" + list(history);
    }
}

std::string list(const Calls& history) {
    std::string text = "history:\n";
    for (std::uint32_t i = 0; i < history.calls.size(); ++i) {
        const Call& call = history.calls[i];
        text += "  " + std::to_string(i) + ": " + describe(history, i) + " = " +
                std::to_string(call.call_ns) + ".." +
                (call.status == Status::ok ? std::to_string(call.return_ns) : "") +
                (call.ttl_ns > 0 ? " ttl " + std::to_string(call.ttl_ns) : "") +
                (call.server != 0 ? " at " + history.text(call.server) : "") + "\n";
    }
    for (const Message& message : history.messages)
        text += "  " + history.text(message.from) + " tells " + history.text(message.to) + ", " +
                std::to_string(message.sent_ns) + ".." + std::to_string(message.received_ns) +
                ", after " + std::to_string(message.position) + " calls\n";
    for (const PartitionWindow& window : history.partitions)
        text += "  partition of " + std::to_string(window.sides.size()) + " sides, " +
                std::to_string(window.begin_ns) + ".." + std::to_string(window.end_ns) + "\n";
    return text;
}

std::uint64_t histories_wanted(std::uint64_t usual) {
    const char* const wish = std::getenv("CONCLAVE_FUZZ_HISTORIES");
    return wish ? std::strtoull(wish, nullptr, 10) : usual;
}

std::uint64_t first_seed() {
    const char* const wish = std::getenv("CONCLAVE_FUZZ_SEED");
    return wish ? std::strtoull(wish, nullptr, 10) : 1;
}

}  // namespace conclave::fuzz
