// conclave sim replay

#include <fstream>
#include <iostream>
#include <sstream>

#include "report.hpp"

namespace conclave::tool {

using scenarios::FileError;
using scenarios::Plan;

Plan read_plan_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    if (!in) throw FileError(path + ": cannot be read");
    return scenarios::parse_plan(text.str(), path);
}

namespace {

Plan plan_of(const std::string& plan_or_scenario, const std::string& seed,
             const std::string& driver) {
    if (seed.empty()) return read_plan_file(plan_or_scenario);
    const auto found = select_scenarios({plan_or_scenario}, "");
    if (found.empty()) throw FileError("no scenario is called '" + plan_or_scenario + "'");
    return scenarios::draw_plan(found.front(), driver.empty() ? found.front().drivers.front() : driver,
                                number(seed, "--seed"));
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
    bool violated = false;
    bool failed = false;
    for (const scenarios::Judgement& judgement : run.judgements) {
        const properties::Verdict& verdict = judgement.verdict;
        std::cout << to_string(verdict.outcome) << ' ' << verdict.property << '\n';
        if (verdict.outcome != properties::Outcome::violated) continue;
        violated = true;
        failed = failed || judgement.failed();
        std::cout << to_text({plan, run, verdict.property, again, plan_or_scenario, real_ms});
    }
    std::cout << "trace hash " << hex16(run.trace_hash);
    if (plan.trace_hash == 0) {
        std::cout << '\n';
        return failed ? Exit::property_violated : Exit::all_held;
    }
    const bool same = plan.trace_hash == run.trace_hash;
    std::cout << (same ? ", as saved\n"
                       : ", saved was " + hex16(plan.trace_hash) +
                             ": the code has changed since, choices no longer apply as they did\n");
    // A saved Plan was a counterexample: one that shows nothing any more is another verdict.
    if (!same && !violated) return Exit::not_deterministic;
    return failed ? Exit::property_violated : Exit::all_held;
}

}  // namespace conclave::tool
