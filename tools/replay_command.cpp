// conclave sim replay

#include <algorithm>
#include <fstream>
#include <iostream>
#include <sstream>

#include "report.hpp"

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
void print_choices(const Plan& plan, const scenarios::RunResult& run) {
    const std::uint64_t missed = plan.faults.size() - run.faults;
    if (missed > 0)
        std::cout << missed << " of " << plan.faults.size() << " faults did not apply";
    else
        std::cout << "every fault applied";
    if (plan.applied >= 0) std::cout << "; " << plan.applied << " did when it was saved";
    std::cout << '\n';
}

void print_hash(const Plan& plan, const scenarios::RunResult& run) {
    std::cout << "trace hash " << hex16(run.trace_hash);
    if (plan.trace_hash == 0) std::cout << '\n';
    else if (plan.trace_hash == run.trace_hash) std::cout << ", as saved\n";
    else
        std::cout << ", saved was " << hex16(plan.trace_hash)
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

}  // namespace

int replay_command(const std::string& program, const std::string& plan_or_scenario,
                   const std::string& seed, const std::string& driver, bool trace) {
    const Plan plan = plan_of(plan_or_scenario, seed, driver);
    const auto began = std::chrono::steady_clock::now();
    const scenarios::RunResult run = scenarios::run_plan(plan, {.keep_trace = trace});
    const std::int64_t real_ms = milliseconds_since(began);
    const std::string again = program + " sim replay " + plan_or_scenario +
                              (seed.empty() ? "" : " --seed " + seed + " --driver " + plan.driver);
    if (trace) run.trace.print(std::cout);
    for (const scenarios::Judgement& judgement : run.judgements) {
        const properties::Verdict& verdict = judgement.verdict;
        std::cout << to_string(verdict.outcome) << ' ' << verdict.property << '\n';
        if (verdict.outcome == Outcome::violated)
            std::cout << to_text({plan, run, verdict.property, again, plan_or_scenario, real_ms});
    }
    print_choices(plan, run);
    print_hash(plan, run);
    return code_of(plan, run);
}

}  // namespace conclave::tool
