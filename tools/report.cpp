#include "report.hpp"

#include <cstdio>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "conclave/unique_text.hpp"

namespace conclave::tool {

using properties::Outcome;

bool UnitResult::failed() const {
    if (crashes + divergences + saved_violated > 0 || !missed_duties.empty()) return true;
    for (const auto& [name, property] : properties)
        if (property.claimed && property.violated > 0) return true;
    return false;
}

bool UnitResult::undecided() const {
    if (!whole) return false;
    if (!open_duties.empty() || !missed_milestones.empty()) return true;
    for (const auto& [name, property] : properties)
        if (property.claimed && property.held + property.violated == 0) return true;
    return false;
}

std::int64_t milliseconds_since(std::chrono::steady_clock::time_point began) {
    using std::chrono::milliseconds;
    return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - began)
        .count();
}

namespace {

std::string of(std::size_t left, std::size_t before, const std::string& thing) {
    return std::to_string(left) + " of " + std::to_string(before) + " " + thing +
           (before == 1 ? "" : "s");
}

/// What the events below show: the last ones of a run, or all that is needed.
std::string title(const Counterexample& shown) {
    if (!shown.shrunk) return "last events:";
    const scenarios::ShrinkResult& shrunk = *shown.shrunk;
    const std::string sizes = of(shrunk.after.faults, shrunk.before.faults, "fault") + ", " +
                              of(shrunk.after.clients, shrunk.before.clients, "client") + ", " +
                              of(shrunk.after.steps, shrunk.before.steps, "operation");
    if (!shrunk.minimal) return "shrunk, but not to the end: " + sizes + "; last events:";
    return "minimal counterexample: " + sizes + "; without any one of them " + shown.property +
           " holds";
}

/// What the servers did of their own, without what any run has.
std::string mechanisms_line(const scenarios::RunResult& run) {
    std::string names;
    for (const std::string& each : scenarios::mechanisms_of(run))
        names += (names.empty() ? "" : ", ") + each;
    return names.empty() ? "" : "\n  mechanisms: " + names;
}

void print_violation(std::ostream& out, const Counterexample& shown,
                     const scenarios::Judgement& judgement) {
    const scenarios::Plan& plan = shown.plan;
    const scenarios::RunResult& run = shown.run;
    out << (judgement.failed() ? "FAIL " : "expected ") << shown.property
        << "  driver=" << plan.driver << "  scenario=" << plan.scenario << "\n  seed "
        << (shown.shrunk ? shown.shrunk->seed : plan.seed) << ", "
        << run.simulated_ns / 1'000'000'000 << " s simulated, " << run.steps << " steps, "
        << run.faults << (run.faults == 1 ? " fault, " : " faults, ") << shown.real_ms
        << (shown.shrunk ? " ms real to shrink it\n  " : " ms real\n  ")
        << judgement.verdict.reason << "\n  " << title(shown) << '\n';
    for (const std::string& line : judgement.last_events) out << "    " << line << '\n';
    out << "  why: " << judgement.why << "\n  claimed: "
        << (judgement.claimed ? "yes" : judgement.claimed_by_foil ? "by tooz" : "no")
        << (plan.outside_envelope.empty() ? "" : " (outside the envelope of the claim)")
        << mechanisms_line(run) << "\nreplay: " << shown.replay << "\nplan:   " << shown.plan_path << '\n';
    if (shown.shrunk && !shown.whole.empty()) out << "whole:  " << shown.whole << '\n';
}

}  // namespace

std::string to_text(const Counterexample& shown) {
    std::ostringstream out;
    for (const scenarios::Judgement& judgement : shown.run.judgements)
        if (judgement.verdict.property == shown.property &&
            judgement.verdict.outcome == Outcome::violated)
            print_violation(out, shown, judgement);
    return out.str();
}

void print_table_header() {
    std::cout << "scenario                          driver          seeds  operations  unknown"
                 "  faults  properties\n";
}

namespace {

/// In how many seeds each was reached.
void print_milestones(const UnitResult& result) {
    if (result.milestones.empty() && result.missed_milestones.empty()) return;
    std::string text;
    for (const auto& [name, seeds] : result.milestones)
        text += (text.empty() ? "" : ", ") + name + " " + std::to_string(seeds);
    for (const std::string& name : result.missed_milestones)
        text += (text.empty() ? "NOT REACHED: " : ", NOT REACHED: ") + name;
    std::printf("  reached in seeds: %s\n", text.c_str());
}

}  // namespace

void print_row(const UnitResult& result) {
    std::printf("%-32s  %-14s  %5llu  %10llu  %7llu  %6llu  ", result.scenario.c_str(),
                result.driver.c_str(), static_cast<unsigned long long>(result.seeds),
                static_cast<unsigned long long>(result.operations),
                static_cast<unsigned long long>(result.unknown),
                static_cast<unsigned long long>(result.faults));
    std::string text;
    for (const auto& [name, property] : result.properties) {
        text += (text.empty() ? "" : ", ") + name + " ";
        if (property.violated > 0)
            text += (property.claimed           ? "VIOLATED"
                     : property.claimed_by_foil ? "violated, claimed by tooz"
                                                : "violated, not claimed") +
                    std::string(" in ") + std::to_string(property.violated);
        else
            text += property.held > 0 ? "held" : "undecided";
    }
    if (result.saved_violated > 0)
        text += ", " + std::to_string(result.saved_violated) + " saved VIOLATED";
    if (result.crashes > 0) text += ", " + std::to_string(result.crashes) + " crashed";
    if (result.divergences > 0)
        text += ", " + std::to_string(result.divergences) + " NOT DETERMINISTIC";
    for (const std::string& duty : result.missed_duties) text += ", NOT FOUND: " + duty;
    for (const std::string& duty : result.open_duties) text += ", not found in this time: " + duty;
    std::printf("%s\n", text.c_str());
    print_milestones(result);
    std::fflush(stdout);
}

void Exporter::add(const Unit& unit, const SeedResult& result, const std::string& plan_path) {
    Row row{unit.scenario.name, unit.driver, "held", plan_path, result.seed, result.trace_hash};
    bool decided = false;
    for (const SeedResult::Judged& judged : result.judged) {
        decided = decided || judged.outcome != Outcome::undecided;
        if (judged.outcome != Outcome::violated) continue;
        row.verdict = "violated";
        row.claimed = row.claimed || judged.claimed;
    }
    if (!decided) row.verdict = "undecided";
    if (!result.divergence.empty()) row.verdict = "not_deterministic";
    if (!result.crash.empty()) row.verdict = "crashed";
    rows_.push_back(std::move(row));
}

namespace {

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '<') out += "&lt;";
        else if (c == '&') out += "&amp;";
        else if (c == '"') out += "&quot;";
        else out += c;
    }
    return out;
}

const char* failure_of(const UnitResult& unit) {
    if (unit.crashes > 0) return "a seed crashed";
    if (unit.divergences > 0) return "two runs of one seed differ";
    return unit.missed_duties.empty() ? "a claimed property was violated"
                                      : "what must be violated was not";
}

std::string junit(const std::vector<UnitResult>& units) {
    std::size_t failures = 0;
    for (const UnitResult& unit : units) failures += unit.failed() ? 1 : 0;
    std::ostringstream out;
    out << "<?xml version=\"1.0\"?>\n<testsuite name=\"conclave sim\" tests=\"" << units.size()
        << "\" failures=\"" << failures << "\">\n";
    for (const UnitResult& unit : units) {
        out << "  <testcase classname=\"" << escaped(unit.scenario) << "\" name=\""
            << escaped(unit.driver) << "\">";
        if (unit.failed()) out << "<failure message=\"" << failure_of(unit) << "\"/>";
        out << "</testcase>\n";
    }
    out << "</testsuite>\n";
    return out.str();
}

}  // namespace

void write_file(const std::string& path, const std::string& text) {
    if (path == "-") {
        std::cout << text;
        return;
    }
    std::ofstream out(path);
    out << text;
    out.close();
    if (!out) throw scenarios::FileError(path + ": cannot be written");
}

void Exporter::write(const RunArguments& arguments) const {
    if (!arguments.junit.empty()) write_file(arguments.junit, junit(units_));
    if (arguments.json.empty()) return;
    nlohmann::json runs = nlohmann::json::array();
    for (const Row& row : rows_)
        runs.push_back({{"scenario", row.scenario},
                        {"driver", row.driver},
                        {"seed", row.seed},
                        {"verdict", row.verdict},
                        {"claimed", row.claimed},
                        {"trace_hash", hex_text(row.trace_hash)},
                        {"plan", row.plan}});
    nlohmann::json units = nlohmann::json::array();
    for (const UnitResult& unit : units_)
        units.push_back({{"scenario", unit.scenario},
                         {"driver", unit.driver},
                         {"milestones", unit.milestones},
                         {"not_reached", unit.missed_milestones}});
    write_file(arguments.json,
               nlohmann::json{{"version", 1}, {"runs", runs}, {"units", units}}.dump() + "\n");
}

}  // namespace conclave::tool
