#include "replay_command.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>
#include <iostream>
#include <sstream>

#include "conclave/unique_text.hpp"
#include "report.hpp"
#include "story/snapshot_text.hpp"
#include "story/traces.hpp"

namespace conclave::tool {

using properties::Outcome;
using scenarios::FileError;
using scenarios::Plan;

Plan read_plan_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    if (!in) throw FileError(path + ": cannot be read");
    return scenarios::parse_plan(text.str(), path);
}

Plan plan_of(const std::string& plan_or_scenario, const std::string& seed,
             const std::string& driver) {
    if (seed.empty()) return read_plan_file(plan_or_scenario);
    const auto found = select_scenarios({plan_or_scenario}, "");
    if (found.empty()) throw FileError("no scenario is called '" + plan_or_scenario + "'");
    return scenarios::draw_plan(found.front(), driver.empty() ? found.front().drivers.front() : driver,
                                number(seed, "--seed"));
}

namespace {

/// What of the Plan had nothing to disturb, or did not come.
void print_choices(const Plan& plan, const scenarios::RunResult& run, std::ostream& out) {
    const std::uint64_t missed = plan.faults.size() - run.faults;
    if (missed > 0)
        out << missed << " of " << plan.faults.size() << " faults did not apply";
    else
        out << "every fault applied";
    if (plan.applied >= 0) out << "; " << plan.applied << " did when it was saved";
    out << '\n';
}

void print_hash(const Plan& plan, const scenarios::RunResult& run, std::ostream& out) {
    out << "trace hash " << hex_text(run.trace_hash);
    if (plan.trace_hash == 0) out << '\n';
    else if (plan.trace_hash == run.trace_hash) out << ", as saved\n";
    else
        out << ", saved was " << hex_text(plan.trace_hash)
                  << ": the code has changed since, choices no longer apply as they did\n";
}

/// A saved Plan was a counterexample to its property: one that does not violate it any more comes to
/// another verdict. Plans of before its property was saved tell nothing but that they violated one.
bool other_verdict(const Plan& plan, const scenarios::RunResult& run) {
    const auto violates = [&](const scenarios::Judgement& each) {
        return each.verdict.outcome == Outcome::violated &&
               (plan.property.empty() || each.verdict.property == plan.property);
    };
    const bool saved = !plan.property.empty() ||
                       (plan.trace_hash != 0 && plan.trace_hash != run.trace_hash);
    return saved && std::ranges::none_of(run.judgements, violates);
}

int code_of(const Plan& plan, const scenarios::RunResult& run) {
    if (other_verdict(plan, run)) return Exit::not_deterministic;
    const auto open = [](const scenarios::Judgement& each) {
        return each.claimed && each.verdict.outcome == Outcome::undecided;
    };
    if (std::ranges::any_of(run.judgements, &scenarios::Judgement::failed))
        return Exit::property_violated;
    if (!plan.property.empty()) return Exit::all_held;  // it shows what it was saved for
    return std::ranges::any_of(run.judgements, open) ? Exit::undecided : Exit::all_held;
}

/// Where the run is to be cut off, if anywhere.
void read_end(const ReplayArguments& arguments, const Plan& plan, scenarios::RunOptions& options) {
    if (!arguments.step.empty()) {
        options.until_event = number(arguments.step, "--step");
        if (options.until_event == 0)
            throw FileError("--step '0': expected the number of a trace event, from 1");
    }
    if (arguments.until.empty()) return;
    Duration until{};
    if (!scenarios::parse_duration(arguments.until, until) || until < Duration::zero())
        throw FileError("--until '" + arguments.until +
                        "': expected a time since the run began, such as 5.9s or 5900ms");
    const Duration end = plan.duration + plan.progress_within;
    if (until > end)
        throw FileError("--until '" + arguments.until + "': the run ends at " +
                        moment_text(end.count()));
    options.until = until;
}

int tell_state(const ReplayArguments& arguments, const scenarios::RunResult& run,
               std::ostream& out) {
    if (!run.stopped)
        throw FileError("--step '" + arguments.step + "': the run has " +
                        std::to_string(run.events) + " events");
    out << to_text(*run.stopped);
    return Exit::all_held;
}

int tell_verdicts(const ReplayArguments& arguments, const Plan& plan,
                  const scenarios::RunResult& run, std::int64_t real_ms, std::ostream& out) {
    const std::string again =
        arguments.program + " sim replay " + arguments.plan +
        (arguments.seed.empty() ? ""
                                : " --seed " + arguments.seed + " --driver " + plan.driver);
    for (const scenarios::Judgement& judgement : run.judgements) {
        const properties::Verdict& verdict = judgement.verdict;
        out << to_string(verdict.outcome) << ' ' << verdict.property << '\n';
        if (verdict.outcome == Outcome::violated)
            out << to_text({plan, run, verdict.property, again, arguments.plan, real_ms});
    }
    print_choices(plan, run, out);
    print_hash(plan, run, out);
    return code_of(plan, run);
}

std::string trace_text(const std::string& format, const Plan& plan,
                       const scenarios::RunResult& run) {
    if (format == "text") {
        std::ostringstream out;
        run.trace.print(out);
        return out.str();
    }
    const scenarios::Account account = scenarios::account_of(plan, run);
    if (format == "chrome") return chrome_trace(account);
    if (format == "shiviz") return shiviz_log(account);
    const scenarios::Judgement* const violation = violation_of(run, plan.property);
    return mermaid_diagram(account, focus_on(account, violation ? &violation->verdict : nullptr));
}

/// Where the rest is told: what other programs read from stdout is to be that alone.
std::ostream& report_stream(const ReplayArguments& arguments) {
    const bool taken = !arguments.trace.empty() && arguments.trace != "text" &&
                       (arguments.trace_out.empty() || arguments.trace_out == "-");
    return taken ? std::cerr : std::cout;
}

int replay_command(const ReplayArguments& arguments) {
    const Plan plan = plan_of(arguments.plan, arguments.seed, arguments.driver);
    scenarios::RunOptions options;
    options.keep_trace = options.keep_history = !arguments.trace.empty();
    read_end(arguments, plan, options);
    const bool cut = options.until || options.until_event != 0;
    const auto began = std::chrono::steady_clock::now();
    const scenarios::RunResult run = scenarios::run_plan(plan, options);
    const std::int64_t real_ms = milliseconds_since(began);
    if (options.keep_trace)
        write_file(arguments.trace_out.empty() ? "-" : arguments.trace_out,
                   trace_text(arguments.trace, plan, run));
    std::ostream& out = report_stream(arguments);
    return cut ? tell_state(arguments, run, out)
               : tell_verdicts(arguments, plan, run, real_ms, out);
}

}  // namespace

void add_replay(CLI::App& sim, ReplayArguments& arguments, std::function<int()>& verb) {
    CLI::App* replay = sim.add_subcommand("replay", "Run one Plan, or one seed of a scenario, again");
    replay->add_option("plan", arguments.plan, "A Plan file, or with --seed a scenario")->required();
    replay->add_option("--seed", arguments.seed, "Draw the Plan from this seed")
        ->check(CLI::NonNegativeNumber);
    replay->add_option("--driver", arguments.driver, "Configuration, with --seed");
    CLI::Option* until = replay->add_option(
        "--until", arguments.until, "Stop at this time since the run began (5.9s) and show the state");
    replay->add_option("--step", arguments.step, "Stop after so many trace events and show the state")
        ->excludes(until);
    CLI::Option* trace =
        replay
            ->add_option("--trace", arguments.trace,
                         "Write what happened to stdout: every event as text, for Chrome and "
                         "Perfetto, as a ShiViz log, or as a Mermaid diagram; the verdicts then go "
                         "to stderr, but for text")
            ->check(CLI::IsMember({"text", "chrome", "shiviz", "mermaid"}));
    replay->add_option("--trace-out", arguments.trace_out, "Write the trace to this file instead")
        ->needs(trace);
    replay->callback([&] { verb = [&] { return replay_command(arguments); }; });
}

}  // namespace conclave::tool
