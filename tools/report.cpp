#include "report.hpp"

#include <cstdio>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

namespace conclave::tool {

using properties::Outcome;

bool UnitResult::failed() const {
    if (crashes > 0 || saved_violated > 0 || !missed_duties.empty()) return true;
    for (const auto& [name, property] : properties)
        if (property.claimed && property.violated > 0) return true;
    return false;
}

bool UnitResult::undecided() const {
    if (!open_duties.empty()) return true;
    for (const auto& [name, property] : properties)
        if (property.claimed && property.held + property.violated == 0) return true;
    return false;
}

std::string hex16(std::uint64_t value) {
    char text[17];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(value));
    return text;
}

std::int64_t milliseconds_since(std::chrono::steady_clock::time_point began) {
    using std::chrono::milliseconds;
    return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - began)
        .count();
}

std::string to_text(const Counterexample& shown) {
    const scenarios::Plan& plan = shown.plan;
    const scenarios::RunResult& run = shown.run;
    std::ostringstream out;
    for (const scenarios::Judgement& judgement : run.judgements) {
        const properties::Verdict& verdict = judgement.verdict;
        if (verdict.property != shown.property || verdict.outcome != Outcome::violated) continue;
        out << (judgement.failed() ? "FAIL " : "expected ") << verdict.property
            << "  driver=" << plan.driver << "  scenario=" << plan.scenario << "\n  seed "
            << plan.seed << ", " << run.simulated_ns / 1'000'000'000 << " s simulated, " << run.steps
            << " steps, " << run.faults << " faults, " << shown.real_ms << " ms real\n  "
            << verdict.reason << "\n  last events:\n";
        for (const std::string& line : judgement.last_events) out << "    " << line << '\n';
        out << "  why: " << judgement.why << "\n  claimed: " << (judgement.claimed ? "yes" : "no")
            << (plan.outside_envelope.empty() ? "" : " (outside the envelope of the claim)")
            << "\nreplay: " << shown.replay << "\nplan:   " << shown.plan_path << '\n';
    }
    return out.str();
}

void print_table_header() {
    std::cout << "scenario                          driver          seeds  operations  unknown"
                 "  faults  properties\n";
}

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
            text += (property.claimed ? "VIOLATED" : "violated, not claimed") +
                    std::string(" in ") + std::to_string(property.violated);
        else
            text += property.held > 0 ? "held" : "undecided";
    }
    if (result.saved_violated > 0)
        text += ", " + std::to_string(result.saved_violated) + " saved VIOLATED";
    if (result.crashes > 0) text += ", " + std::to_string(result.crashes) + " crashed";
    for (const std::string& duty : result.missed_duties) text += ", NOT FOUND: " + duty;
    for (const std::string& duty : result.open_duties) text += ", not found in this time: " + duty;
    std::printf("%s\n", text.c_str());
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
    rows_.push_back(std::move(row));
}

namespace {

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

std::string junit(const std::vector<UnitResult>& units) {
    std::size_t failures = 0;
    for (const UnitResult& unit : units) failures += unit.failed() ? 1 : 0;
    std::ostringstream out;
    out << "<?xml version=\"1.0\"?>\n<testsuite name=\"conclave sim\" tests=\"" << units.size()
        << "\" failures=\"" << failures << "\">\n";
    for (const UnitResult& unit : units) {
        out << "  <testcase classname=\"" << escaped(unit.scenario) << "\" name=\""
            << escaped(unit.driver) << "\">";
        if (unit.failed()) out << "<failure message=\"a claimed property was violated\"/>";
        out << "</testcase>\n";
    }
    out << "</testsuite>\n";
    return out.str();
}

}  // namespace

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
                        {"trace_hash", hex16(row.trace_hash)},
                        {"plan", row.plan}});
    write_file(arguments.json, nlohmann::json{{"version", 1}, {"runs", runs}}.dump() + "\n");
}

}  // namespace conclave::tool
