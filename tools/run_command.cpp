// conclave sim run

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <iostream>

#include "progress.hpp"
#include "report.hpp"
#include "saved_plans.hpp"
#include "sweep.hpp"

namespace conclave::tool {

using properties::Outcome;
using scenarios::FileError;
using scenarios::Plan;

namespace {

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
    std::string text = arguments.time_limit;
    if (text.empty()) return;
    const bool minutes = text.ends_with('m');
    if (minutes) text.back() = 's';
    Duration length{};
    if (!scenarios::parse_duration(text, length) || length <= Duration::zero())
        throw FileError("--for '" + arguments.time_limit + "': expected a length such as 10m or 90s");
    arguments.time_limit_ns = (minutes ? 60 * length : length).count();
}

/// The folder for Plans is made before anything runs: a sweep whose finds cannot be kept is wasted.
void make_folder(const std::string& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error || ::access(folder.c_str(), W_OK) != 0)
        throw FileError("--out '" + folder + "': cannot be written" +
                        (error ? ": " + error.message() : ""));
}

std::vector<Unit> units_of(const RunArguments& arguments) {
    std::vector<Unit> units;
    for (scenarios::Scenario& scenario :
         select_scenarios(arguments.globs, arguments.scenario_folder)) {
        for (const std::string& driver : scenario.drivers) {
            const auto& wanted = arguments.drivers;
            if (wanted.empty() || std::find(wanted.begin(), wanted.end(), driver) != wanted.end())
                units.push_back({scenario, driver});
        }
    }
    return units;
}

/// Runs one unit over all its seeds.
class UnitRun {
public:
    UnitRun(const Unit& unit, const RunArguments& arguments, const SavedPlans& saved,
            Exporter& exporter)
        : unit_(unit), arguments_(arguments), exporter_(exporter) {
        result_.scenario = unit.scenario.name;
        result_.driver = unit.driver;
        result_.saved_violated = saved.of(unit).violated;
        result_.crashes = saved.of(unit).crashes;
    }

    /// Ends at the last seed, or with the first one that is done after `share` is over.
    UnitResult run(const TimeShare& share) {
        if (stop_early()) return finish();  // a saved Plan has failed already
        Progress progress(arguments_.progress);
        const std::uint64_t total =
            (arguments_.last_seed - arguments_.first_seed + 1) / arguments_.shard_count;
        std::int64_t simulated_ns = 0;
        sweep(unit_, arguments_, [&](const SeedResult& seed) {
            add(seed);
            simulated_ns += seed.simulated_ns;
            progress.show(result_, total, simulated_ns);
            return !stop_early() && !share.over();
        });
        progress.clear();
        // A duty is one over all seeds: it is not missed when time ended before them.
        std::vector<std::string>& missed =
            share.over() ? result_.open_duties : result_.missed_duties;
        for (const std::string& duty : unit_.scenario.must_violate)
            if (result_.properties[duty].violated == 0) missed.push_back(duty);
        return finish();
    }

private:
    bool stop_early() const { return arguments_.fail_fast && result_.failed(); }

    const UnitResult& finish() {
        exporter_.add(result_);
        return result_;
    }

    void add(const SeedResult& seed) {
        ++result_.seeds;
        result_.operations += seed.operations;
        result_.faults += seed.faults;
        result_.unknown += seed.unknown;
        std::string plan_path;
        for (const SeedResult::Judged& judged : seed.judged) {
            UnitResult::Property& property = result_.properties[judged.property];
            property.claimed = property.claimed || judged.claimed;
            property.held += judged.outcome == Outcome::held ? 1 : 0;
            if (judged.outcome == Outcome::violated && property.violated++ == 0)
                plan_path = show(seed.seed, judged);
        }
        if (!seed.crash.empty()) {
            ++result_.crashes;
            plan_path = save_plan(arguments_, unit_, draw(seed.seed), 0);
            std::cout << "CRASH " << unit_.scenario.name << " driver=" << unit_.driver << " seed="
                      << seed.seed << ": " << seed.crash << "\nreplay: " << arguments_.program
                      << " sim replay " << plan_path << '\n';
        }
        if (!seed.divergence.empty()) {
            ++result_.divergences;
            std::cout << "NOT DETERMINISTIC " << unit_.scenario.name << " driver=" << unit_.driver
                      << " seed=" << seed.seed << ": " << seed.divergence << '\n';
        }
        exporter_.add(unit_, seed, plan_path);
    }

    Plan draw(std::uint64_t seed) const {
        return scenarios::draw_plan(unit_.scenario, unit_.driver, seed);
    }

    std::string show(std::uint64_t seed, const SeedResult::Judged& judged) const {
        const Plan plan = draw(seed);
        const auto began = std::chrono::steady_clock::now();
        const scenarios::RunResult run = scenarios::run_plan(plan);
        const std::int64_t real_ms = milliseconds_since(began);
        const std::string path = save_plan(arguments_, unit_, plan, run.trace_hash);
        const bool duty = std::count(plan.must_violate.begin(), plan.must_violate.end(),
                                     judged.property) > 0;
        if (!judged.claimed && duty && !unit_.scenario.label.empty()) {
            // One line each: this violation is the scenario's purpose.
            if (judged.property == plan.must_violate.front())
                std::cout << "expected " << unit_.scenario.label << " violated seed=" << seed
                          << " plan=" << path << '\n';
            return path;
        }
        if (judged.claimed || duty)
            std::cout << to_text({plan, run, judged.property,
                                  arguments_.program + " sim replay " + path, path, real_ms})
                      << '\n';
        return path;
    }

    const Unit& unit_;
    const RunArguments& arguments_;
    Exporter& exporter_;
    UnitResult result_;
};

int exit_code(const std::vector<UnitResult>& results) {
    const auto any = [&](auto predicate) {
        return std::any_of(results.begin(), results.end(), predicate);
    };
    if (any([](const UnitResult& each) { return each.crashes > 0; })) return Exit::internal;
    if (any([](const UnitResult& each) { return each.divergences > 0; }))
        return Exit::not_deterministic;
    if (any([](const UnitResult& each) { return each.failed(); })) return Exit::property_violated;
    if (results.empty()) return Exit::nothing_ran;
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
    const bool stopped = arguments.fail_fast && !saved.failures.empty();
    for (const Unit& unit : units) {
        if (stopped && !saved.failures.contains({unit.scenario.name, unit.driver})) continue;
        results.push_back(UnitRun(unit, arguments, saved, exporter).run(limit.next_share()));
        if (arguments.fail_fast && results.back().failed()) break;
    }
    print_table_header();
    std::size_t failed = 0;
    for (const UnitResult& result : results) {
        print_row(result);
        failed += result.failed() ? 1 : 0;
    }
    std::cout << results.size() - failed << " passed, " << failed << " failed\n";
    exporter.write(arguments);
    return exit_code(results);
}

int list_command(const std::string& what) {
    if (what == "drivers")
        for (const std::string& name : scenarios::driver_configurations()) std::cout << name << '\n';
    else
        for (const scenarios::Scenario& scenario : select_scenarios({}, ""))
            std::cout << scenario.name << "  " << scenario.title << '\n';
    return Exit::all_held;
}

}  // namespace conclave::tool
