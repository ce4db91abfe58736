#include "check_command.hpp"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>

#include "conclave/properties/characteristics.hpp"
#include "conclave/properties/distributed.hpp"
#include "conclave/scenarios/scenario.hpp"
#include "history_file.hpp"
#include "matrix.hpp"
#include "run_options.hpp"

namespace conclave::tool {

using namespace properties;

namespace {

std::vector<std::string> names_of_characteristics() {
    std::vector<std::string> names;
    for (const Characteristic one : characteristics_in_order) names.emplace_back(to_string(one));
    return names;
}

std::vector<std::string> names_of_models() {
    std::vector<std::string> names;
    for (const Model model : all_models()) names.emplace_back(to_string(model));
    return names;
}

Characteristic characteristic_named(const std::string& name) {
    for (const Characteristic one : characteristics_in_order)
        if (to_string(one) == name) return one;
    throw std::logic_error("no such characteristic: " + name);
}

HistoryFile read_file(const CheckArguments& arguments, Model model) {
    if (arguments.file == "-") return read_history(std::cin, "-", model);
    std::ifstream in(arguments.file);
    if (!in) throw scenarios::FileError(arguments.file + ": cannot be read");
    return read_history(in, arguments.file, model);
}

/// What a characteristic needs beyond the fields that every line has.
void require_fields(const CheckArguments& arguments, const HistoryFile& file,
                    Characteristic characteristic) {
    const auto require = [&](bool present, const char* what) {
        if (!present)
            throw scenarios::FileError(arguments.file + ": " + arguments.characteristic +
                                       " needs " + what);
    };
    switch (characteristic) {
        case Characteristic::same_view_under_partitions:
            require(file.every_server, "the field 'server' on every line");
            return require(!file.history.partitions.empty(), "a line with the field 'partition'");
        case Characteristic::non_timeout_based:
            return require(!file.pauses.empty(),
                           "a line with the field 'pause', of a process that made calls");
        case Characteristic::distributed_across_threads:
            return require(file.every_thread, "the field 'thread' on every line");
        case Characteristic::distributed_across_hosts:
            return require(file.every_host, "the field 'host' on every line");
        default: return;
    }
}

/// A thread of control is a place of its own when threads are.
Places places_of(const HistoryFile& file, Characteristic characteristic) {
    if (characteristic == Characteristic::distributed_across_hosts) return file.hosts;
    Places places = file.processes;
    if (characteristic == Characteristic::distributed_across_threads)
        for (auto& [session, place] : places) place = session;
    return places;
}

Finding finding_of(const Verdict& verdict) {
    Finding finding;
    finding.outcome = verdict.outcome;
    finding.method = "pauses";
    finding.reason = verdict.reason;
    if (verdict.outcome == Outcome::undecided)
        finding.reason =
            "nothing was held through a pause of ten times the longest timeout and "
            "looked at again";
    return finding;
}

Finding judge(const HistoryFile& file, Model model, Characteristic characteristic,
              const CheckOptions& options) {
    if (judged_from_calls(characteristic))
        return check(characteristic, file.history, model, options);
    if (characteristic == Characteristic::non_timeout_based)
        return finding_of(check_pauses(file.history, model, file.pauses, file.timeout_max_ns));
    return check_one_object(file.history, model, Characteristic::linearizable,
                            places_of(file, characteristic), options);
}

nlohmann::json lines_of(const HistoryFile& file, const std::vector<std::uint32_t>& calls) {
    nlohmann::json lines = nlohmann::json::array();
    for (const std::uint32_t call : calls) {
        const std::uint32_t line = file.lines[call & ~lease_end];
        if (call & lease_end)
            lines.push_back({{"lease_end", line}});
        else
            lines.push_back(line);
    }
    return lines;
}

/// "linearizable as a lease, not as a mutex" is worth saying: the reading as the other of the two,
/// when its verdict differs.
struct OtherReading {
    Model model;
    Outcome outcome;
};
std::optional<OtherReading> other_reading(const HistoryFile& file, Model model,
                                          Characteristic characteristic,
                                          const CheckOptions& options, const Finding& finding) {
    const bool leased = std::any_of(
        file.history.calls.begin(), file.history.calls.end(),
        [](const Call& call) { return call.ttl_ns > 0 || call.action == Action::expire; });
    if (!leased || (model != Model::mutex && model != Model::lease)) return std::nullopt;
    const Model other = model == Model::mutex ? Model::lease : Model::mutex;
    const Finding reading = judge(file, other, characteristic, options);
    if (reading.outcome == finding.outcome) return std::nullopt;
    return OtherReading{other, reading.outcome};
}

void print_json(const CheckArguments& arguments, const HistoryFile& file, const Finding& finding,
                const std::optional<OtherReading>& other) {
    const Coverage coverage = coverage_of(file.history, *model_named(arguments.model));
    nlohmann::json said{{"version", 1},
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
                          {"concurrent", coverage.concurrent}}}};
    if (other) said["as_" + std::string(to_string(other->model))] = to_string(other->outcome);
    std::cout << said.dump() << '\n';
}

/// So that a whole counterexample is read at one glance; --json has all of it.
constexpr std::size_t calls_shown_max = 20;

void print_text(const CheckArguments& arguments, const HistoryFile& file, const Finding& finding,
                const std::optional<OtherReading>& other) {
    std::cout << to_string(finding.outcome) << ' ' << arguments.characteristic
              << " model=" << arguments.model << " operations=" << file.lines.size() << '\n';
    const std::string& why = finding.headline.empty() ? finding.reason : finding.headline;
    if (!why.empty()) std::cout << why << (finding.counterexample.empty() ? "\n" : ":\n");
    const std::size_t calls = finding.counterexample.size();
    for (std::size_t i = 0; i < std::min(calls, calls_shown_max); ++i) {
        const std::uint32_t call = finding.counterexample[i];
        std::cout << "  " << arguments.file << ':' << file.lines[call & ~lease_end] << ": "
                  << describe(file.history, call) << '\n';
    }
    if (calls > calls_shown_max)
        std::cout << "  and " << calls - calls_shown_max << " more: --json lists them\n";
    const Coverage coverage = coverage_of(file.history, *model_named(arguments.model));
    std::cout << "judged by " << finding.method << "; " << coverage.concurrent
              << " concurrent calls, " << coverage.observations << " observations, "
              << coverage.unknown << " of unknown outcome\n";
    if (other)
        std::cout << "as a " << to_string(other->model) << ": " << to_string(other->outcome)
                  << '\n';
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
    const Finding finding = judge(file, model, characteristic, options);
    const auto other = other_reading(file, model, characteristic, options, finding);
    if (arguments.json)
        print_json(arguments, file, finding, other);
    else
        print_text(arguments, file, finding, other);
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
