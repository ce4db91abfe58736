// The `conclave` command: arguments in, calls out. Every verb stands in a file of its own.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

#include "check_command.hpp"
#include "explain_command.hpp"
#include "matrix_command.hpp"
#include "replay_command.hpp"
#include "ring_command.hpp"
#include "run_options.hpp"
#include "serve_command.hpp"
#include "shrink_command.hpp"
#include "steps_command.hpp"
#include "verbs/production_verbs.hpp"

using namespace conclave::tool;

namespace {

void add_run(CLI::App& sim, RunArguments& arguments, std::function<int()>& verb) {
    CLI::App* run = sim.add_subcommand("run", "Sweep seeds over scenarios and judge each run");
    run->add_option("scenario", arguments.globs, "Scenario names or globs; all when none");
    run->add_option("--driver", arguments.drivers, "Only these driver configurations");
    run->add_option("--seeds", arguments.seeds, "N for 1..N, or A..B")->capture_default_str();
    run->add_option("--for", arguments.time_limit,
                    "End after about this long (10m, 90s), shared by the scenarios");
    run->add_option("--jobs", arguments.jobs, "Worker processes")->check(CLI::Range(1, 256));
    run->add_option("--shard", arguments.shard, "K/N: every N-th seed, beginning with the K-th");
    run->add_option("--faults", arguments.faults,
                    "Of the faults that a scenario draws only these kinds: a,b,... or none");
    run->add_option("--scenarios", arguments.scenario_folder, "Folder instead of the built-in ones");
    run->add_option("--out", arguments.out, "Folder for Plans")->capture_default_str();
    run->add_option("--json", arguments.json, "Write every run as JSON; - is stdout");
    run->add_option("--junit", arguments.junit, "Write a JUnit report");
    run->add_option("--progress", arguments.progress, "On stderr")
        ->check(CLI::IsMember({"auto", "plain", "none"}))
        ->capture_default_str();
    run->add_flag("--check-determinism{1/50}", arguments.determinism,
                  "Run every N-th seed twice (1/N) and name the first event that differs");
    run->add_flag("--no-shrink", arguments.no_shrink, "Show finds as they are");
    run->add_flag("--fail-fast", arguments.fail_fast, "Stop at the first failure");
    run->callback([&] { verb = [&] { return run_command(arguments); }; });
}

int run(int argc, char** argv) {
    CLI::App app("Distributed coordination, and the simulator that puts its drivers on trial",
                 argv[0]);
    app.require_subcommand(1);
    std::function<int()> verb;
    CLI::App* sim = app.add_subcommand("sim", "The simulator");
    sim->require_subcommand(1);
    const std::string program = argv[0];  // outlives the verbs, which refer to it
    RunArguments run_arguments;
    run_arguments.program = program;
    add_run(*sim, run_arguments, verb);
    ReplayArguments replay_arguments;
    replay_arguments.program = program;
    add_replay(*sim, replay_arguments, verb);
    ShrinkArguments shrink_arguments;
    shrink_arguments.program = program;
    add_shrink(*sim, shrink_arguments, verb);
    ExplainArguments explain_arguments;
    explain_arguments.program = program;
    add_explain(*sim, explain_arguments, verb);
    MatrixArguments matrix_arguments;
    matrix_arguments.program = program;
    add_matrix(*sim, matrix_arguments, verb);
    StepsArguments steps_arguments;
    steps_arguments.program = program;
    add_steps(*sim, steps_arguments, verb);
    std::string listed = "scenarios";
    bool listed_as_json = false;
    CLI::App* list = sim->add_subcommand("list", "List what there is");
    list->add_option("what", listed)
        ->check(CLI::IsMember({"scenarios", "properties", "drivers", "faults", "characteristics",
                               "milestones"}));
    list->add_flag("--json", listed_as_json, "As JSON");
    list->callback([&] { verb = [&] { return list_command(listed, listed_as_json); }; });
    CheckArguments check_arguments;
    add_check(app, check_arguments, verb);
    ServeArguments serve_arguments;
    add_serve(app, serve_arguments, verb);
    RingArguments ring_arguments;
    std::vector<std::string> words(argv + 1, argv + argc);
    ProductionVerbs production(words);
    add_ring(app, ring_arguments, verb, production.group_reader());
    production.add(app, verb);
    try {
        std::reverse(words.begin(), words.end());  // the order that the parser takes
        app.parse(words);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? Exit::all_held : production.usage_exit(Exit::usage);
    }
    return verb();
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const conclave::scenarios::FileError& error) {
        std::cerr << error.what() << '\n';
        return Exit::usage;
    } catch (const std::exception& error) {
        std::cerr << "internal error: " << error.what() << '\n';
        return Exit::internal;
    }
}
