#include "steps_command.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <optional>

#include "conclave/scenarios/every_step.hpp"
#include "report.hpp"
#include "sweep.hpp"

namespace conclave::tool {

using properties::Outcome;
using scenarios::FileError;
using scenarios::Plan;

namespace {

class StepsRun {
public:
    explicit StepsRun(const StepsArguments& arguments) : arguments_(arguments) {}

    int run() {
        const auto found = select_scenarios({arguments_.scenario}, "");
        if (found.size() != 1)
            throw FileError("'" + arguments_.scenario + "' names " + std::to_string(found.size()) +
                            " scenarios, expected one; `sim list` shows them");
        const scenarios::Scenario& scenario = found.front();
        const std::string driver =
            arguments_.driver.empty() ? scenario.drivers.front() : arguments_.driver;
        const Plan plan =
            scenarios::draw_plan(scenario, driver, number(arguments_.seed, "--seed"));
        steps_.emplace(plan, arguments_.process);
        count_ = arguments_.pairs == 0 ? steps_->singles() : std::min(arguments_.pairs, steps_->pairs());
        if (arguments_.all_pairs) count_ = steps_->pairs();
        result_.scenario = scenario.name;
        result_.driver = driver;
        RunArguments sweeping;
        sweeping.jobs = arguments_.jobs;
        sweep_plans(count_, [&](std::size_t i) { return plan_at(i); }, sweeping,
                    [&](const SeedResult& each) {
                        add(each);
                        return true;
                    });
        return report();
    }

private:
    bool pairs() const { return arguments_.pairs > 0 || arguments_.all_pairs; }
    Plan plan_at(std::uint64_t index) const {
        return pairs() ? steps_->pair(scenarios::spread(index, count_, steps_->pairs()))
                       : steps_->single(index);
    }

    void add(const SeedResult& each) {
        const std::size_t index = result_.seeds++;
        result_.operations += each.operations;
        result_.faults += each.faults;
        result_.unknown += each.unknown;
        if (!each.crash.empty()) {
            ++result_.crashes;
            std::cout << "CRASH at disturbance " << index + 1 << ": " << each.crash << '\n';
        }
        for (const SeedResult::Judged& judged : each.judged) {
            UnitResult::Property& property = result_.properties[judged.property];
            property.claimed = property.claimed || judged.claimed;
            property.held += judged.outcome == Outcome::held ? 1 : 0;
            if (judged.outcome != Outcome::violated) continue;
            if (property.violated++ == 0 && judged.claimed) show(index, judged.property);
        }
    }

    void show(std::size_t index, const std::string& property) {
        Plan plan = plan_at(index);
        const auto began = std::chrono::steady_clock::now();
        const scenarios::RunResult run = scenarios::run_plan(plan);
        const std::int64_t real_ms = milliseconds_since(began);
        plan.trace_hash = run.trace_hash;
        plan.property = property;
        plan.applied = static_cast<std::int64_t>(run.faults);
        std::string name = result_.scenario;
        std::ranges::replace(name, '/', '-');
        std::filesystem::create_directories(arguments_.out);
        const std::string path =
            arguments_.out + "/" + name + "-step-" + std::to_string(index + 1) + ".plan";
        write_file(path, to_text(plan));
        std::cout << to_text({plan, run, property, arguments_.program + " sim replay " + path, path,
                              real_ms})
                  << '\n';
    }

    int report() const {
        if (count_ == 0) {
            std::cerr << "'" << arguments_.process << "' does nothing in " << arguments_.scenario
                      << '\n';
            return Exit::nothing_ran;
        }
        std::cout << steps_->calls() << " calls of " << arguments_.process << ", "
                  << steps_->singles() << " disturbances, " << steps_->pairs() << " pairs\n";
        print_table_header();
        print_row(result_);
        if (result_.crashes > 0) return Exit::internal;
        if (result_.failed()) return Exit::property_violated;
        return result_.faults == 0 || result_.undecided() ? Exit::undecided : Exit::all_held;
    }

    const StepsArguments& arguments_;
    std::optional<scenarios::EveryStep> steps_;
    std::uint64_t count_ = 0;
    UnitResult result_;
};

}  // namespace

void add_steps(CLI::App& sim, StepsArguments& arguments, std::function<int()>& verb) {
    CLI::App* steps = sim.add_subcommand(
        "steps", "Disturb a process of a short scenario at each of its environment calls");
    steps->add_option("scenario", arguments.scenario, "The scenario; */steps/* are meant for it")
        ->required();
    steps->add_option("--driver", arguments.driver, "Configuration; the scenario's first when none");
    steps->add_option("--seed", arguments.seed, "Of the undisturbed run")->capture_default_str();
    steps->add_option("--process,--client", arguments.process, "Which client or server")
        ->capture_default_str();
    CLI::Option* some = steps->add_option("--pairs", arguments.pairs,
                                          "That many pairs of disturbances instead, evenly spread");
    steps->add_flag("--all-pairs", arguments.all_pairs, "Every pair of disturbances instead")
        ->excludes(some);
    steps->add_option("--jobs", arguments.jobs, "Worker processes")->check(CLI::Range(1, 256));
    steps->add_option("--out", arguments.out, "Folder for Plans")->capture_default_str();
    steps->callback([&] { verb = [&] { return StepsRun(arguments).run(); }; });
}

}  // namespace conclave::tool
