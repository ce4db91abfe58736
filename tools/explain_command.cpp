#include "explain_command.hpp"

#include <CLI/CLI.hpp>
#include <iostream>
#include <optional>
#include <sstream>

#include "child.hpp"
#include "report.hpp"
#include "story/page.hpp"
#include "story/timeline.hpp"

namespace conclave::tool {

using scenarios::Account;
using scenarios::FileError;
using scenarios::Plan;
using scenarios::RunResult;

namespace {

/// A run that is under way when the budget ends, and telling.
constexpr std::chrono::seconds telling_max{20};

std::string title_of(const Plan& plan) {
    for (const auto& [name, text] : scenarios::builtin_scenarios())
        if (name == plan.scenario) return scenarios::parse_scenario(text, name).title;
    return "no scenario that is built in";
}

std::string lane_names(const Account& account, bool clients) {
    std::string names;
    for (const Account::Lane& lane : account.lanes)
        if (lane.client == clients) names += (names.empty() ? "" : ", ") + lane.name;
    return names.empty() ? "none" : names;
}

/// What ran, in words.
std::string setting_text(const Plan& plan, const Account& account) {
    std::ostringstream out;
    out << plan.scenario << ": " << title_of(plan) << "\n  workload " << plan.workload << " on "
        << plan.driver << "; clients: " << lane_names(account, true)
        << "; other processes: " << lane_names(account, false) << "\n  "
        << moment_text(plan.duration.count()) << " with " << plan.faults.size()
        << (plan.faults.size() == 1 ? " fault, then " : " faults, then ")
        << moment_text(plan.progress_within.count()) << " without any\n";
    return out.str();
}

std::string nothing_text(const RunResult& run) {
    std::string text = "violates nothing:";
    for (const scenarios::Judgement& judgement : run.judgements)
        text += " " + judgement.verdict.property + " " + to_string(judgement.verdict.outcome) + ",";
    text.back() = '\n';
    return text;
}

class Explanation {
public:
    Explanation(const ExplainArguments& arguments, Plan plan)
        : arguments_(arguments), whole_(std::move(plan)) {}

    ChildResult tell(std::int64_t budget_ns) {
        const RunResult first = scenarios::run_plan(whole_);
        const scenarios::Judgement* const violation = violation_of(first, whole_.property);
        Plan plan = whole_;
        std::string find = nothing_text(first);
        if (violation) {
            const scenarios::ShrinkResult shrunk = shrink(*violation, budget_ns);
            plan = shrunk.plan;
            find = find_text(shrunk);
        }
        scenarios::RunOptions kept;
        kept.keep_trace = kept.keep_history = true;
        const RunResult run = scenarios::run_plan(plan, kept);
        const Account account = scenarios::account_of(plan, run);
        const scenarios::Judgement* const shown =
            violation ? violation_of(run, violation->verdict.property) : nullptr;
        const Focus focus = focus_on(account, shown ? &shown->verdict : nullptr);
        const std::string setting = setting_text(plan, account);
        const std::string timeline = timeline_text(account, focus);
        if (!arguments_.html.empty()) {
            write_file(arguments_.html, html_page({plan.scenario, setting + find, timeline}, account, focus));
            std::cout.flush();  // the process ends without
        }
        const bool failed = violation && violation->failed();
        return {setting + "\n" + find + "\n" + timeline,
                failed ? Exit::property_violated : Exit::all_held, ""};
    }

private:
    scenarios::ShrinkResult shrink(const scenarios::Judgement& violation, std::int64_t budget_ns) {
        const auto began = std::chrono::steady_clock::now();
        const std::chrono::nanoseconds budget(budget_ns);
        scenarios::ShrinkResult shrunk = scenarios::shrink(
            whole_, {violation.verdict.property, violation.claimed},
            {.runs_max = UINT64_MAX,
             .over = [&] { return std::chrono::steady_clock::now() - began > budget; }});
        real_ms_ = milliseconds_since(began);
        return shrunk;
    }

    std::string find_text(const scenarios::ShrinkResult& shrunk) const {
        const std::string named =
            arguments_.plan + (arguments_.seed.empty() ? ""
                                                       : " --seed " + arguments_.seed +
                                                             " --driver " + whole_.driver);
        return to_text(Counterexample{shrunk.plan, shrunk.run, shrunk.signature.property,
                                      arguments_.program + " sim replay " + named, named, real_ms_,
                                      &shrunk});
    }

    const ExplainArguments& arguments_;
    const Plan whole_;
    std::int64_t real_ms_ = 0;
};

int explain_command(const ExplainArguments& arguments) {
    const std::int64_t budget_ns = real_time(arguments.budget, "--budget");
    const Plan plan = plan_of(arguments.plan, arguments.seed, arguments.driver);
    const auto work = [&]() -> ChildResult {
        try {
            return Explanation(arguments, plan).tell(budget_ns);
        } catch (const FileError& error) {
            return {error.what(), Exit::usage, ""};
        }
    };
    const ChildResult result = in_child(work, std::chrono::nanoseconds(budget_ns) + telling_max);
    if (!result.trouble.empty()) {
        std::cerr << "not explained: " << result.trouble << '\n';
        return Exit::internal;
    }
    if (result.code == Exit::usage) throw FileError(result.text);
    std::cout << result.text;
    return result.code;
}

}  // namespace

void add_explain(CLI::App& sim, ExplainArguments& arguments, std::function<int()>& verb) {
    CLI::App* explain = sim.add_subcommand(
        "explain", "Make a Plan small and tell what happens in it, to who knows no code");
    explain->add_option("plan", arguments.plan, "A Plan file, or with --seed a scenario")
        ->required();
    explain->add_option("--seed", arguments.seed, "Draw the Plan from this seed")
        ->check(CLI::NonNegativeNumber);
    explain->add_option("--driver", arguments.driver, "Configuration, with --seed");
    explain->add_option("--budget", arguments.budget, "End shrinking after about this long (10s, 1m)")
        ->capture_default_str();
    explain->add_option("--html", arguments.html, "Also write a page with a drawing; it needs no net");
    explain->callback([&] { verb = [&] { return explain_command(arguments); }; });
}

}  // namespace conclave::tool
