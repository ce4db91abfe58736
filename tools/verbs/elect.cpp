// conclave elect NAME -- CMD..., and elect NAME --observe

#include "production.hpp"

namespace conclave::tool {

namespace {

int campaign(const HoldArguments& arguments) {
    const HoldTimes times = hold_times(arguments);
    auto guard = std::make_unique<Guard>(
        GuardedCommand{arguments.command, {{"CONCLAVE_LOCK", arguments.name}}, times.kill_after});
    Client client = connect_to(arguments.backend, with_ttl(arguments, times.ttl));
    EndingSignals signals;
    std::optional<Leadership> leads;
    const int signal = wait_for_hold(
        client, signals, [&] { leads = client.election(arguments.name).campaign_for(times.wait); });
    if (signal != 0) return ProductionExit::signal_base + signal;
    if (!leads) {
        tell("elect", "another leads '" + arguments.name + "': not elected in time");
        return arguments.not_obtained_code;
    }
    const int code = run_under(std::move(guard), signals, "elect", *leads, arguments, times);
    return give_up(client, *leads, "elect", code, &Leadership::try_resign);
}

int elect(const ElectArguments& arguments) {
    if (!arguments.observe) return campaign(arguments.hold);
    if (!arguments.hold.command.empty())
        throw UsageError("--observe runs no command: expected nothing after --");
    return watch({arguments.hold.backend, "leader", arguments.hold.name, arguments.json});
}

}  // namespace

void add_elect(CLI::App& app, ElectArguments& arguments, std::function<int()>& verb) {
    arguments.hold.kind = HoldKind::leadership;
    CLI::App* const command = app.add_subcommand(
        "elect", "Run a command while leading a group: elect NAME [OPTIONS] -- CMD...");
    add_hold_options(*command, arguments.hold, "NAME");
    auto* const observe =
        command->add_flag("--observe", arguments.observe, "Tell who leads, and each change of it");
    command->add_flag("--json", arguments.json, "With --observe: a JSON object a line")
        ->needs(observe);
    command->callback(
        [&] { verb = [&] { return run_production("elect", [&] { return elect(arguments); }); }; });
}

}  // namespace conclave::tool
