#include "report.hpp"

#include <iomanip>
#include <nlohmann/json.hpp>

#include "../run_options.hpp"
#include "conclave/properties/characteristics.hpp"
#include "conclave/scenarios/characteristics.hpp"

namespace conclave::torture {

using nlohmann::json;
using properties::Outcome;

namespace {

properties::Coverage coverage_of(const Reported& run) {
    const scenarios::Observed kind = kind_of(run.run.workload);
    return properties::coverage_of(run.merged.log.of(kind), scenarios::model_of(kind));
}

std::uint64_t count(const std::vector<Judgement>& judgements, Outcome outcome) {
    return static_cast<std::uint64_t>(std::count_if(
        judgements.begin(), judgements.end(),
        [&](const Judgement& judgement) { return judgement.verdict.outcome == outcome; }));
}

bool any_claimed(const std::vector<Judgement>& judgements, Outcome outcome) {
    return std::any_of(judgements.begin(), judgements.end(), [&](const Judgement& judgement) {
        return judgement.claimed && judgement.verdict.outcome == outcome;
    });
}

void print_judgement(const Judgement& judgement, std::ostream& out) {
    const properties::Verdict& verdict = judgement.verdict;
    out << std::left << std::setw(10) << to_string(verdict.outcome) << std::setw(30)
        << verdict.property << std::setw(12) << (judgement.claimed ? "claimed" : "not claimed")
        << ' ' << verdict.cases << " cases\n";
    if (verdict.outcome == Outcome::violated || !verdict.reason.empty())
        out << "          " << verdict.reason << '\n';
}

}  // namespace

int exit_code(const Reported& run) {
    if (!run.conducted.crashes.empty()) return tool::Exit::internal;
    if (!run.merged.claims)
        return run.merged.complaints.empty() ? tool::Exit::nothing_ran : tool::Exit::usage;
    if (any_claimed(run.judgements, Outcome::violated)) return tool::Exit::property_violated;
    return any_claimed(run.judgements, Outcome::undecided) ? tool::Exit::undecided
                                                           : tool::Exit::all_held;
}

void print_report(const Reported& run, std::ostream& out) {
    const properties::Coverage coverage = coverage_of(run);
    out << coverage.calls << " calls, " << coverage.concurrent << " concurrent, "
        << coverage.unknown << " of unknown outcome, " << run.conducted.faults << " faults\n";
    for (const std::string& each : run.merged.complaints)
        out << "a client gave up: " << each << '\n';
    for (const std::string& each : run.conducted.crashes) out << "CRASHED: " << each << '\n';
    if (!run.merged.claims) out << "no client reached the backend\n";
    for (const Judgement& judgement : run.judgements) print_judgement(judgement, out);
    out << "faults:\n";
    for (const Fault& fault : run.faults) out << "  " << describe(fault) << '\n';
    out << "history: " << run.history_path << '\n'
        << count(run.judgements, Outcome::held) << " held, "
        << count(run.judgements, Outcome::violated) << " violated, "
        << count(run.judgements, Outcome::undecided) << " undecided\n";
}

std::string to_json(const Reported& run) {
    const properties::Coverage coverage = coverage_of(run);
    json faults = json::array(), properties_found = json::array();
    for (const Fault& fault : run.faults)
        faults.push_back({{"kind", to_string(fault.kind)},
                          {"target", target_name(fault)},
                          {"at_ns", fault.at.count()},
                          {"length_ns", fault.length.count()}});
    for (const Judgement& judgement : run.judgements)
        properties_found.push_back({{"property", judgement.verdict.property},
                                    {"verdict", to_string(judgement.verdict.outcome)},
                                    {"claimed", judgement.claimed},
                                    {"cases", judgement.verdict.cases},
                                    {"reason", judgement.verdict.reason}});
    return json{{"version", 1},
                {"url", run.run.url},
                {"workload", to_string(run.run.workload)},
                {"seed", run.run.seed},
                {"clients", run.clients},
                {"length_ns", run.length.count()},
                {"ttl_ns", run.run.ttl.count()},
                {"calls", coverage.calls},
                {"concurrent", coverage.concurrent},
                {"unknown", coverage.unknown},
                {"faults_injected", run.conducted.faults},
                {"faults", faults},
                {"properties", properties_found},
                {"crashes", run.conducted.crashes},
                {"history", run.history_path},
                {"exit", exit_code(run)}}
               .dump() +
           "\n";
}

}  // namespace conclave::torture
