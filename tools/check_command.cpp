#include "check_command.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "conclave/properties/characteristics.hpp"
#include "conclave/scenarios/scenario.hpp"
#include "history_file.hpp"
#include "run_options.hpp"

namespace conclave::tool {

using namespace properties;

namespace {

constexpr std::array characteristics = {
    Characteristic::linearizable,
    Characteristic::sequential,
    Characteristic::causal,
    Characteristic::serializable,
    Characteristic::same_view_across_clients,
    Characteristic::same_view_under_partitions,
};

std::vector<std::string> names_of_characteristics() {
    std::vector<std::string> names;
    for (const Characteristic one : characteristics) names.emplace_back(to_string(one));
    return names;
}

std::vector<std::string> names_of_models() {
    std::vector<std::string> names;
    for (const Model model : all_models()) names.emplace_back(to_string(model));
    return names;
}

Characteristic characteristic_named(const std::string& name) {
    for (const Characteristic one : characteristics)
        if (to_string(one) == name) return one;
    throw std::logic_error("no such characteristic: " + name);
}

HistoryFile read_file(const CheckArguments& arguments, Model model) {
    if (arguments.file == "-") return read_history(std::cin, "-", model);
    std::ifstream in(arguments.file);
    if (!in) throw scenarios::FileError(arguments.file + ": cannot be read");
    return read_history(in, arguments.file, model);
}

void require_fields(const CheckArguments& arguments, const HistoryFile& file,
                    Characteristic characteristic) {
    if (characteristic != Characteristic::same_view_under_partitions) return;
    if (!file.every_server)
        throw scenarios::FileError(arguments.file + ": " + arguments.characteristic +
                                   " needs the field 'server' on every line");
    if (file.history.partitions.empty())
        throw scenarios::FileError(arguments.file + ": " + arguments.characteristic +
                                   " needs a line with the field 'partition'");
}

nlohmann::json lines_of(const HistoryFile& file, const std::vector<std::uint32_t>& calls) {
    nlohmann::json lines = nlohmann::json::array();
    for (const std::uint32_t call : calls) {
        const std::uint32_t line = file.lines[call & ~lease_end];
        if (call & lease_end) lines.push_back({{"lease_end", line}});
        else lines.push_back(line);
    }
    return lines;
}

void print_json(const CheckArguments& arguments, const HistoryFile& file, const Finding& finding) {
    const Coverage coverage = coverage_of(file.history, *model_named(arguments.model));
    std::cout << nlohmann::json{{"version", 1},
                                {"verdict", to_string(finding.outcome)},
                                {"characteristic", arguments.characteristic},
                                {"model", arguments.model},
                                {"operations", file.lines.size()},
                                {"method", finding.method},
                                {"reason", finding.reason},
                                {"counterexample", lines_of(file, finding.counterexample)},
                                {"witness", lines_of(file, finding.witness)},
                                {"coverage",
                                 {{"observations", coverage.observations},
                                  {"unknown", coverage.unknown},
                                  {"concurrent", coverage.concurrent}}}}
                     .dump()
              << '\n';
}

/// "linearizable as a lease, not as a mutex" is worth saying.
void print_other_reading(const HistoryFile& file, Model model, Characteristic characteristic,
                         const Finding& finding) {
    const bool leased = std::any_of(
        file.history.calls.begin(), file.history.calls.end(),
        [](const Call& call) { return call.ttl_ns > 0 || call.action == Action::expire; });
    if (!leased || (model != Model::mutex && model != Model::lease)) return;
    const Model other = model == Model::mutex ? Model::lease : Model::mutex;
    const Finding reading = check(characteristic, file.history, other);
    if (reading.outcome != finding.outcome)
        std::cout << "as a " << to_string(other) << ": " << to_string(reading.outcome) << '\n';
}

void print_text(const CheckArguments& arguments, const HistoryFile& file, const Finding& finding) {
    std::cout << to_string(finding.outcome) << ' ' << arguments.characteristic
              << " model=" << arguments.model << " operations=" << file.lines.size() << '\n';
    const std::string& why = finding.headline.empty() ? finding.reason : finding.headline;
    if (!why.empty()) std::cout << why << (finding.counterexample.empty() ? "\n" : ":\n");
    for (const std::uint32_t call : finding.counterexample)
        std::cout << "  " << arguments.file << ':' << file.lines[call & ~lease_end] << ": "
                  << describe(file.history, call) << '\n';
    const Coverage coverage = coverage_of(file.history, *model_named(arguments.model));
    std::cout << "judged by " << finding.method << "; " << coverage.concurrent
              << " concurrent calls, " << coverage.observations << " observations, "
              << coverage.unknown << " of unknown outcome\n";
}

int check_command(const CheckArguments& arguments) {
    const Model model = *model_named(arguments.model);
    const Characteristic characteristic = characteristic_named(arguments.characteristic);
    const HistoryFile file = read_file(arguments, model);
    if (file.lines.empty()) {
        std::cerr << arguments.file << ": no operations\n";
        return Exit::nothing_ran;
    }
    require_fields(arguments, file, characteristic);
    CheckOptions options;
    options.strict = arguments.strict;
    const Finding finding = check(characteristic, file.history, model, options);
    if (arguments.json) {
        print_json(arguments, file, finding);
    } else {
        print_text(arguments, file, finding);
        print_other_reading(file, model, characteristic, finding);
    }
    switch (finding.outcome) {
        case Outcome::held: return Exit::all_held;
        case Outcome::violated: return Exit::property_violated;
        case Outcome::undecided: break;
    }
    return Exit::undecided;
}

}  // namespace

void add_check(CLI::App& app, CheckArguments& arguments, std::function<int()>& verb) {
    CLI::App* command = app.add_subcommand("check", "Judge a recorded history");
    command->add_option("file", arguments.file, "JSON lines; - is stdin")->required();
    command->add_option("--model", arguments.model, "What the object is")
        ->required()
        ->check(CLI::IsMember(names_of_models()));
    command->add_option("--characteristic", arguments.characteristic)
        ->check(CLI::IsMember(names_of_characteristics()))
        ->capture_default_str();
    command->add_flag("--strict", arguments.strict,
                      "A refused acquire must have met a holder, whatever overlapped it");
    command->add_flag("--json", arguments.json, "One JSON object instead of text");
    command->callback([&] { verb = [&] { return check_command(arguments); }; });
}

}  // namespace conclave::tool
