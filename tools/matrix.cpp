#include "matrix.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "conclave/scenarios/characteristics.hpp"

namespace conclave::tool {

using properties::Outcome;

namespace {

std::string padded(std::string text, std::size_t width) {
    text.resize(std::max(text.size(), width), ' ');
    return text;
}

const Cell& cell_of(const Matrix& matrix, const std::string& driver, Characteristic characteristic) {
    static const Cell none;
    const auto row = matrix.cells.find(driver);
    if (row == matrix.cells.end()) return none;
    const auto found = row->second.find(std::string(to_string(characteristic)));
    return found == row->second.end() ? none : found->second;
}

std::string replay_line(const std::string& program, const Cell& cell) {
    if (!cell.minimal.empty()) return cell.minimal;
    return program + " sim replay " + cell.scenario + " --seed " + std::to_string(cell.seed) +
           " --driver " + cell.driver;
}

std::string coverage_text(const Cell& cell) {
    const properties::Coverage& covered = cell.coverage;
    std::string text =
        std::to_string(cell.cases) + " cases, " + std::to_string(covered.concurrent) +
        " calls under way together, " + std::to_string(covered.contended) + " acquires refused, " +
        std::to_string(cell.faults) + " faults, " + std::to_string(covered.unknown) +
        " unknown outcomes, " + std::to_string(covered.observations) + " answers that tell";
    if (covered.reads_here + covered.reads_there > 0)
        text += ", reads within partitions " + std::to_string(covered.reads_here) +
                " on one side and " + std::to_string(covered.reads_there) + " on the other";
    return text;
}

/// How many runs are undecided, and the commonest reasons.
std::string undecided_text(const Cell& cell) {
    if (cell.undecided == 0) return "";
    std::vector<std::pair<std::uint64_t, std::string>> counted;
    for (const auto& [reason, runs] : cell.reasons) counted.emplace_back(runs, reason);
    std::ranges::sort(counted, std::greater<>());
    if (counted.size() > 2) counted.resize(2);
    std::string text;
    for (const auto& [runs, reason] : counted)
        text += (text.empty() ? ": " : ", ") + reason + " in " + std::to_string(runs);
    return "; undecided in " + std::to_string(cell.undecided) + text;
}

/// One line: the verdict and what it rests on.
void print_cell(std::ostream& out, const std::string& label, const Cell& cell,
                const std::string& program) {
    const Outcome outcome = cell.outcome();
    out << "  " << padded(label, 30) << padded(cell.claimed           ? "claimed"
                                             : cell.claimed_by_foil ? "by tooz"
                                                                    : "-",
                                             9)
        << padded(properties::to_string(outcome), 11);
    const std::string runs =
        " of " + std::to_string(cell.held + cell.violated + cell.undecided) + " runs";
    if (outcome == Outcome::violated)
        out << "in " << cell.violated << runs << ": " << replay_line(program, cell) << '\n';
    else if (outcome == Outcome::held)
        out << "in " << cell.held << runs << "; " << coverage_text(cell) << undecided_text(cell)
            << '\n';
    else
        out << "held in " << cell.held << runs << undecided_text(cell) << '\n';
}

/// What is printed below a characteristic: other readings of it, and what supports it.
const std::map<std::string, std::vector<std::pair<std::string, std::string>>> readings{
    {"linearizable", {{scenarios::as_mutex, "  as a mutex, no lease ends"}}},
    {"non_timeout_based",
     {{scenarios::prompt_release, "  prompt_release"},
      {scenarios::loss_without_timers, "  loss_without_timers"}}}};

/// `row`: the cells of one configuration.
void print_readings(std::ostream& out, const std::map<std::string, Cell>& row,
                    const std::string& name, const std::string& program) {
    const auto found = readings.find(name);
    if (found == readings.end()) return;
    for (const auto& [property, label] : found->second)
        if (const auto cell = row.find(property); cell != row.end())
            print_cell(out, label, cell->second, program);
}

std::string joined(const std::set<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

/// What the assumption carries: violated without it and not with it.
std::set<std::string> carried(const Matrix& matrix, const std::string& driver,
                              const std::set<std::string>& violated) {
    std::set<std::string> names;
    const auto row = matrix.cells.find(driver);
    for (const std::string& name : violated) {
        const bool inside = row != matrix.cells.end() && row->second.contains(name) &&
                            row->second.at(name).violated > 0;
        if (!inside) names.insert(name);
    }
    return names;
}

}  // namespace

void Matrix::add(const Unit& unit, const SeedResult& seed) {
    ++runs;
    if (!seed.crash.empty()) ++crashes;
    for (const SeedResult::Judged& judged : seed.judged) {
        const bool was_violated = judged.outcome == Outcome::violated;
        if (!unit.scenario.outside_envelope.empty()) {
            std::set<std::string>& violated =
                outside[unit.driver][unit.scenario.outside_envelope.front()];
            if (was_violated) violated.insert(judged.property);
            continue;
        }
        Cell& cell = cells[unit.driver][judged.property];
        cell.claimed = cell.claimed || judged.claimed;
        cell.claimed_by_foil = cell.claimed_by_foil || judged.claimed_by_foil;
        cell.held_min = held_min;
        if (judged.outcome == Outcome::undecided) {
            ++cell.undecided;
            ++cell.reasons[judged.reason.empty() ? "nothing that tells was done" : judged.reason];
        }
        if (judged.outcome == Outcome::held) {
            ++cell.held;
            cell.cases += judged.cases;
            cell.coverage += seed.coverage;
            cell.faults += seed.faults;
        }
        if (!was_violated || cell.violated++ > 0) continue;
        cell.driver = unit.driver;
        cell.scenario = unit.scenario.name;
        cell.seed = seed.seed;
    }
}

bool Matrix::any_claim_violated() const {
    return std::ranges::any_of(cells, [](const auto& row) {
        return std::ranges::any_of(row.second, [](const auto& each) {
            return each.second.claimed && each.second.violated > 0;
        });
    });
}

bool Matrix::any_claim_undecided() const {
    for (const std::string& driver : drivers)
        for (const Characteristic each : characteristics_in_order) {
            const Cell& cell = cell_of(*this, driver, each);
            if (cell.claimed && cell.outcome() == Outcome::undecided) return true;
        }
    return false;
}

bool is_printed(const std::string& property) {
    for (const Characteristic each : characteristics_in_order)
        if (property == to_string(each)) return true;
    return std::ranges::any_of(readings, [&](const auto& each) {
        return std::ranges::any_of(each.second,
                                   [&](const auto& reading) { return reading.first == property; });
    });
}

std::string to_text(const Matrix& matrix, const std::string& program) {
    std::ostringstream out;
    for (const std::string& driver : matrix.drivers) {
        out << driver << '\n';
        for (const Characteristic each : characteristics_in_order) {
            const std::string name(to_string(each));
            const bool lease = each == Characteristic::linearizable;
            print_cell(out, lease ? name + " as a lease" : name, cell_of(matrix, driver, each),
                       program);
            if (const auto row = matrix.cells.find(driver); row != matrix.cells.end())
                print_readings(out, row->second, name, program);
        }
        const auto assumptions = matrix.outside.find(driver);
        if (assumptions == matrix.outside.end()) continue;
        for (const auto& [assumption, violated] : assumptions->second) {
            const std::string names = joined(carried(matrix, driver, violated));
            out << "  without " << padded(assumption, 22) << (names.empty() ? "nothing" : names)
                << " violated besides\n";
        }
    }
    return out.str();
}

std::string to_markdown(const Matrix& matrix) {
    std::ostringstream out;
    out << '|';
    for (const std::string& driver : matrix.drivers) out << " | " << driver;
    out << " |\n|---|";
    for (std::size_t i = 0; i < matrix.drivers.size(); ++i) out << "---|";
    out << '\n';
    for (const Characteristic each : characteristics_in_order) {
        out << "| " << to_string(each);
        for (const std::string& driver : matrix.drivers) {
            const Cell& cell = cell_of(matrix, driver, each);
            const std::string word = properties::to_string(cell.outcome());
            out << " | " << (cell.claimed           ? "**" + word + "**"
                              : cell.claimed_by_foil ? "*" + word + "*"
                                                     : word);
        }
        out << " |\n";
    }
    if (matrix.outside.empty()) return out.str();
    out << "\n| configuration | without | is violated besides |\n|---|---|---|\n";
    for (const auto& [driver, assumptions] : matrix.outside)
        for (const auto& [assumption, violated] : assumptions) {
            const std::string names = joined(carried(matrix, driver, violated));
            out << "| " << driver << " | " << assumption << " | "
                << (names.empty() ? "nothing" : names) << " |\n";
        }
    return out.str();
}

std::string to_json(const Matrix& matrix) {
    nlohmann::json rows = nlohmann::json::array();
    for (const std::string& driver : matrix.drivers)
        for (const Characteristic each : characteristics_in_order) {
            const Cell& cell = cell_of(matrix, driver, each);
            rows.push_back(
                {{"driver", driver},
                 {"characteristic", std::string(to_string(each))},
                 {"claimed", cell.claimed},
                 {"claimed_by_tooz", cell.claimed_by_foil},
                 {"verdict", properties::to_string(cell.outcome())},
                 {"held", cell.held},
                 {"violated", cell.violated},
                 {"undecided", cell.undecided},
                 {"reasons", cell.reasons},
                 {"cases", cell.cases},
                 {"concurrent", cell.coverage.concurrent},
                 {"contended", cell.coverage.contended},
                 {"faults", cell.faults},
                 {"unknown", cell.coverage.unknown},
                 {"reads_by_side", {cell.coverage.reads_here, cell.coverage.reads_there}},
                 {"scenario", cell.scenario},
                 {"seed", cell.seed}});
        }
    nlohmann::json outside = nlohmann::json::array();
    for (const auto& [driver, assumptions] : matrix.outside)
        for (const auto& [assumption, violated] : assumptions)
            outside.push_back({{"driver", driver},
                               {"without", assumption},
                               {"violated", carried(matrix, driver, violated)}});
    return nlohmann::json{{"version", 1}, {"cells", rows}, {"outside", outside}}.dump() + "\n";
}

}  // namespace conclave::tool
