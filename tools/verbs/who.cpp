// conclave who NAME, and break NAME --token N --yes

#include "production.hpp"
#include "watch_lines.hpp"

namespace conclave::tool {

namespace {

int who(const WhoArguments& arguments) {
    Client client = connect_to(arguments.backend);
    print_line(holder_state(client.mutex(arguments.name).holder()), arguments.json);
    client.stop(stop_limit);
    return ProductionExit::done;
}

std::string described(const BreakArguments& arguments, const Holder& holder) {
    return "'" + arguments.name + "' is held with token " + std::to_string(holder.token);
}

/// Refuses unless the hold is the one that was meant.
int break_hold(Mutex mutex, const BreakArguments& arguments) {
    const std::optional<Holder> holder = mutex.holder();
    if (!holder) {
        tell("break", "nobody holds '" + arguments.name + "'");
        return ProductionExit::not_obtained;
    }
    if (!arguments.token || !arguments.yes) {
        tell("break", described(arguments, *holder) + ": to break it, say --token " +
                          std::to_string(holder->token) + " --yes");
        return ProductionExit::bad_usage;
    }
    if (*arguments.token != holder->token) {
        tell("break", described(arguments, *holder) + ", not " + std::to_string(*arguments.token) +
                          ": nothing was broken");
        return ProductionExit::not_obtained;
    }
    // Its owner is compared again in the same step, so that no later hold is broken.
    if (mutex.break_holder(*holder)) return ProductionExit::done;
    tell("break", "'" + arguments.name + "' has just passed on: nothing was broken");
    return ProductionExit::not_obtained;
}

}  // namespace

void add_who(CLI::App& app, WhoArguments& arguments, std::function<int()>& verb) {
    CLI::App* const command = app.add_subcommand("who", "Tell who holds a lock");
    command->add_option("NAME", arguments.name)->required();
    add_url(*command, arguments.backend);
    command->add_flag("--json", arguments.json, "Print JSON");
    command->callback(
        [&] { verb = [&] { return run_production("who", [&] { return who(arguments); }); }; });
}

void add_break(CLI::App& app, BreakArguments& arguments, std::function<int()>& verb) {
    CLI::App* const command =
        app.add_subcommand("break", "Take a lock from its holder, who is not asked");
    command->add_option("NAME", arguments.name)->required();
    add_url(*command, arguments.backend);
    command->add_option("--token", arguments.token, "Of the hold to break, as `who` tells it");
    command->add_flag("--yes", arguments.yes, "Do it");
    command->callback([&] {
        verb = [&] {
            return run_production("break", [&] {
                Client client = connect_to(arguments.backend);
                const int code = break_hold(client.mutex(arguments.name), arguments);
                client.stop(stop_limit);
                return code;
            });
        };
    });
}

}  // namespace conclave::tool
