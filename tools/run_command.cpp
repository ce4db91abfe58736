// conclave sim run

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <iostream>
#include <sstream>

#include "saved_plans.hpp"
#include "unit_run.hpp"

namespace conclave::tool {

using scenarios::FileError;

namespace {

void read_shard(RunArguments& arguments) {
    if (arguments.shard.empty()) return;
    const std::size_t slash = arguments.shard.find('/');
    if (slash == std::string::npos)
        throw FileError("--shard '" + arguments.shard + "': expected K/N");
    arguments.shard_index = number(arguments.shard.substr(0, slash), "--shard");
    arguments.shard_count = number(arguments.shard.substr(slash + 1), "--shard");
    if (arguments.shard_index < 1 || arguments.shard_index > arguments.shard_count)
        throw FileError("--shard '" + arguments.shard + "': expected 1 <= K <= N");
}

void read_determinism(RunArguments& arguments) {
    const std::string& text = arguments.determinism;
    if (text.empty()) return;
    if (!text.starts_with("1/"))
        throw FileError("--check-determinism '" + text + "': expected 1/N");
    arguments.check_every = std::max<std::uint64_t>(1, number(text.substr(2), "--check-determinism"));
}

void read_time_limit(RunArguments& arguments) {
    if (!arguments.time_limit.empty())
        arguments.time_limit_ns = real_time(arguments.time_limit, "--for");
}

/// The folder for Plans is made before anything runs: a sweep whose finds cannot be kept is wasted.
void make_folder(const std::string& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error || ::access(folder.c_str(), W_OK) != 0)
        throw FileError("--out '" + folder + "': cannot be written" +
                        (error ? ": " + error.message() : ""));
}

/// Of the kinds that a scenario draws, those of a list.
void keep_only(std::vector<scenarios::FaultAction>& kinds, const std::string& list) {
    std::vector<scenarios::FaultAction> wanted;
    std::istringstream names(list);
    for (std::string name; std::getline(names, name, ',');) {
        scenarios::FaultAction action{};
        if (name != "none" && !scenarios::parse(name, action))
            throw FileError("--faults '" + name + "': expected none or one of those that `sim list "
                            "faults` shows, separated by commas");
        if (name != "none") wanted.push_back(action);
    }
    std::erase_if(kinds, [&](scenarios::FaultAction kind) {
        return std::find(wanted.begin(), wanted.end(), kind) == wanted.end();
    });
}

std::vector<Unit> units_of(const RunArguments& arguments) {
    std::vector<Unit> units;
    for (scenarios::Scenario& scenario :
         select_scenarios(arguments.globs, arguments.scenario_folder)) {
        if (!arguments.faults.empty()) keep_only(scenario.fault_kinds, arguments.faults);
        for (const std::string& driver : scenario.drivers) {
            const auto& wanted = arguments.drivers;
            if (wanted.empty() || std::find(wanted.begin(), wanted.end(), driver) != wanted.end())
                units.push_back({scenario, driver});
        }
    }
    return units;
}

int exit_code(const std::vector<UnitResult>& results) {
    const auto any = [&](auto predicate) {
        return std::any_of(results.begin(), results.end(), predicate);
    };
    if (any([](const UnitResult& each) { return each.crashes > 0; })) return Exit::internal;
    if (any([](const UnitResult& each) { return each.divergences > 0; }))
        return Exit::not_deterministic;
    if (any([](const UnitResult& each) { return each.failed(); })) return Exit::property_violated;
    const bool ran = any([](const UnitResult& each) { return each.seeds + each.saved_run > 0; });
    if (!ran) return Exit::nothing_ran;
    if (any([](const UnitResult& each) { return each.undecided(); })) return Exit::undecided;
    return Exit::all_held;
}

}  // namespace

std::uint64_t number(const std::string& text, const std::string& what) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size())
        throw FileError(what + " '" + text + "': expected a decimal number");
    return value;
}

std::int64_t real_time(const std::string& text, const std::string& option) {
    const bool minutes = text.ends_with('m');
    const std::string seconds = minutes ? text.substr(0, text.size() - 1) + "s" : text;
    Duration length{};
    if (!scenarios::parse_duration(seconds, length) || length <= Duration::zero())
        throw FileError(option + " '" + text + "': expected a length such as 10m or 90s");
    return (minutes ? 60 * length : length).count();
}

void read_seeds(RunArguments& arguments) {
    const std::string& text = arguments.seeds;
    const std::size_t dots = text.find("..");
    if (dots == std::string::npos) {
        arguments.last_seed = number(text, "--seeds");
    } else {
        arguments.first_seed = number(text.substr(0, dots), "--seeds");
        arguments.last_seed = number(text.substr(dots + 2), "--seeds");
    }
    if (arguments.first_seed > arguments.last_seed)
        throw FileError("--seeds '" + text + "': expected a count of at least 1, or A..B with A <= B");
}

std::vector<scenarios::Scenario> select_scenarios(const std::vector<std::string>& globs,
                                                  const std::string& folder) {
    std::vector<scenarios::Scenario> selected;
    const auto all = folder.empty() ? scenarios::builtin_scenarios() : scenarios::scenarios_in(folder);
    for (const auto& [name, text] : all) {
        const bool wanted = globs.empty() || std::any_of(globs.begin(), globs.end(), [&](auto& glob) {
                                return scenarios::matches(glob, name);
                            });
        if (wanted) selected.push_back(scenarios::parse_scenario(text, name));
    }
    return selected;
}

int run_command(RunArguments arguments) {
    read_seeds(arguments);
    read_shard(arguments);
    read_determinism(arguments);
    read_time_limit(arguments);
    const std::vector<Unit> units = units_of(arguments);
    if (units.empty()) {
        std::cerr << "no scenario matches; `" << arguments.program << " sim list` shows them\n";
        return Exit::nothing_ran;
    }
    make_folder(arguments.out);
    Exporter exporter;
    TimeLimit limit(arguments.time_limit_ns, units.size());
    const SavedPlans saved = rerun_saved_plans(units, arguments, exporter);
    std::vector<UnitResult> results;
    const bool stopped = arguments.fail_fast && saved.any_failed();
    for (const Unit& unit : units) {
        if (stopped && !saved.of(unit).failed()) continue;
        results.push_back(run_unit(unit, arguments, saved, exporter, limit.next_share()));
        if (arguments.fail_fast && results.back().failed()) break;
    }
    print_table_header();
    std::size_t failed = 0;
    if (!arguments.whole())
        std::cout << "one shard, or some faults only: what all seeds have to show is not judged\n";
    for (const UnitResult& result : results) {
        print_row(result);
        failed += result.failed() ? 1 : 0;
    }
    std::cout << results.size() - failed << " passed, " << failed << " failed\n";
    exporter.write(arguments);
    return exit_code(results);
}

}  // namespace conclave::tool
