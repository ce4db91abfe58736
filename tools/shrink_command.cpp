#include "shrink_command.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>

#include "report.hpp"
#include "shrinking.hpp"

namespace conclave::tool {

using scenarios::FileError;
using scenarios::Plan;
using scenarios::RunResult;
using scenarios::Signature;

namespace {

const scenarios::Judgement* judgement_of(const RunResult& run, const std::string& property) {
    for (const scenarios::Judgement& judgement : run.judgements)
        if (judgement.verdict.property == property) return &judgement;
    return nullptr;
}

/// What was asked for, if it is violated, else what is violated.
std::optional<Signature> chosen_signature(const RunResult& run, const std::string& property) {
    if (property.empty()) return scenarios::signature_of(run);
    const scenarios::Judgement* const judgement = judgement_of(run, property);
    if (!judgement) {
        std::string judged;
        for (const scenarios::Judgement& each : run.judgements)
            judged += (judged.empty() ? "" : ", ") + each.verdict.property;
        throw FileError("--property '" + property + "': expected one of: " + judged);
    }
    if (judgement->verdict.outcome != properties::Outcome::violated) return std::nullopt;
    return Signature{property, judgement->claimed};
}

/// A saved Plan was a counterexample: one that shows nothing any more is another verdict.
int nothing_to_shrink(const ShrinkArguments& arguments, const Plan& plan) {
    const std::string what = arguments.property.empty() ? "nothing" : "no " + arguments.property;
    std::cerr << arguments.plan << ": violates " << what << ", so there is "
              << "nothing to shrink\n";
    return plan.trace_hash != 0 ? Exit::not_deterministic : Exit::nothing_ran;
}

int shrink_command(const ShrinkArguments& arguments) {
    const std::int64_t budget_ns = real_time(arguments.budget, "--budget");
    const Plan plan = plan_of(arguments.plan, arguments.seed, arguments.driver);
    const RunResult run = scenarios::run_plan(plan);
    const std::optional<Signature> signature = chosen_signature(run, arguments.property);
    if (!signature) return nothing_to_shrink(arguments, plan);
    const bool drawn = !arguments.seed.empty();
    const std::string whole =
        drawn ? arguments.plan + " --seed " + arguments.seed + " --driver " + plan.driver
              : arguments.plan;
    const std::string out =
        arguments.out.empty()
            ? small_plan_path(drawn ? drawn_plan_path(plan) : whole, signature->property)
            : arguments.out;
    const ChildResult result =
        shrink_and_tell({arguments.program, plan, *signature, whole, out,
                         std::chrono::nanoseconds(budget_ns)});
    if (!result.trouble.empty()) {
        std::cerr << "not shrunk: " << result.trouble << '\n';
        return Exit::internal;
    }
    std::cout << result.text;
    return result.code;
}

}  // namespace

void add_shrink(CLI::App& sim, ShrinkArguments& arguments, std::function<int()>& verb) {
    CLI::App* shrink =
        sim.add_subcommand("shrink", "Make a failing Plan small: what is left is needed");
    shrink->add_option("plan", arguments.plan, "A Plan file, or with --seed a scenario")->required();
    shrink->add_option("--seed", arguments.seed, "Draw the Plan from this seed")
        ->check(CLI::NonNegativeNumber);
    shrink->add_option("--driver", arguments.driver, "Configuration, with --seed");
    shrink->add_option("--property", arguments.property,
                       "What has to stay violated; the first claim, or else the first, when none");
    shrink->add_option("--budget,--for", arguments.budget, "End after about this long (60s, 5m)")
        ->capture_default_str();
    shrink->add_option("--out", arguments.out, "File for the small Plan");
    shrink->callback([&] { verb = [&] { return shrink_command(arguments); }; });
}

}  // namespace conclave::tool
