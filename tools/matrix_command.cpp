#include "matrix_command.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>

#include "matrix.hpp"
#include "report.hpp"
#include "shrinking.hpp"
#include "sweep.hpp"

namespace conclave::tool {

namespace {

/// Where the ten are judged. Two stars: those outside of the envelope lie one folder deeper.
const std::vector<std::string> matrix_scenarios{"*/matrix/**"};

/// For each cell that is violated.
constexpr std::chrono::seconds shrink_budget{3};

std::vector<std::string> columns(const MatrixArguments& arguments) {
    std::vector<std::string> known = scenarios::driver_configurations();
    if (arguments.drivers.empty()) return known;
    for (const std::string& driver : arguments.drivers)
        if (std::ranges::find(known, driver) == known.end())
            throw scenarios::FileError("--driver '" + driver +
                                       "': unknown, `sim list drivers` shows them");
    return arguments.drivers;
}

Matrix sweep_all(const MatrixArguments& arguments) {
    RunArguments run;
    run.program = arguments.program;
    run.jobs = arguments.jobs;
    run.seeds = arguments.seeds;
    read_seeds(run);
    Matrix matrix;
    matrix.drivers = columns(arguments);
    matrix.held_min = std::max<std::uint64_t>(1, (run.last_seed - run.first_seed + 1) / 4);
    for (const scenarios::Scenario& scenario : select_scenarios(matrix_scenarios, ""))
        for (const std::string& driver : scenario.drivers) {
            if (std::ranges::find(matrix.drivers, driver) == matrix.drivers.end()) continue;
            const Unit unit{scenario, driver};
            sweep(unit, run, [&](const SeedResult& seed) {
                matrix.add(unit, seed);
                return true;
            });
        }
    return matrix;
}

/// Shrinks what violates a cell, within a budget; a cell that could not be shrunk is replayed
/// whole.
void shrink_cell(Cell& cell, const std::string& property, const MatrixArguments& arguments) {
    const std::string seed = std::to_string(cell.seed);
    const std::string whole = cell.scenario + " --seed " + seed + " --driver " + cell.driver;
    const std::string out =
        small_plan_path(drawn_plan_path(plan_of(cell.scenario, seed, cell.driver)), property);
    const ChildResult shrunk = shrink_and_tell({arguments.program,
                                                plan_of(cell.scenario, seed, cell.driver),
                                                {property, cell.claimed},
                                                whole,
                                                out,
                                                shrink_budget});
    if (shrunk.trouble.empty())
        cell.minimal = arguments.program + " sim replay " + out;
    else
        std::cerr << whole << ": not shrunk: " << shrunk.trouble << '\n';
}

void shrink_violations(Matrix& matrix, const MatrixArguments& arguments) {
    for (auto& [driver, row] : matrix.cells)
        for (auto& [property, cell] : row)
            if (cell.violated > 0 && is_printed(property)) shrink_cell(cell, property, arguments);
}

int matrix_command(const MatrixArguments& arguments) {
    Matrix matrix = sweep_all(arguments);
    if (arguments.markdown != "-" && arguments.json != "-") {
        if (arguments.markdown.empty() && !arguments.no_shrink)
            shrink_violations(matrix, arguments);
        std::cout << to_text(matrix, arguments.program);
    }
    if (!arguments.markdown.empty()) write_file(arguments.markdown, to_markdown(matrix));
    if (!arguments.json.empty()) write_file(arguments.json, to_json(matrix));
    if (matrix.crashes > 0) {
        std::cerr << matrix.crashes << " runs ended the process that ran them\n";
        return Exit::internal;
    }
    if (matrix.any_claim_violated()) {
        std::cerr << "a claim is violated\n";
        return Exit::property_violated;
    }
    return matrix.any_claim_undecided() ? Exit::undecided : Exit::all_held;
}

}  // namespace

void add_matrix(CLI::App& sim, MatrixArguments& arguments, std::function<int()>& verb) {
    CLI::App* matrix = sim.add_subcommand(
        "matrix", "Judge the ten characteristics of every configuration, beside what it claims");
    matrix->add_option("--driver", arguments.drivers, "Only these driver configurations");
    matrix->add_option("--seeds", arguments.seeds, "N for 1..N, or A..B, of each scenario")
        ->capture_default_str();
    matrix->add_option("--jobs", arguments.jobs, "Worker processes")->check(CLI::Range(1, 256));
    matrix->add_option("--md", arguments.markdown, "Write the table as Markdown; - is stdout");
    matrix->add_option("--json", arguments.json, "Write all figures as JSON; - is stdout");
    matrix->add_flag("--no-shrink", arguments.no_shrink, "Show counterexamples as they were drawn");
    matrix->callback([&] { verb = [&] { return matrix_command(arguments); }; });
}

}  // namespace conclave::tool
