// conclave lock NAME -- CMD...

#include "production.hpp"

namespace conclave::tool {

namespace {

int run_lock(const HoldArguments& arguments) {
    const HoldTimes times = hold_times(arguments);
    auto guard = std::make_unique<Guard>(
        GuardedCommand{arguments.command, {{"CONCLAVE_LOCK", arguments.name}}, times.kill_after});
    Client client = connect_to(arguments.backend, with_ttl(arguments, times.ttl));
    EndingSignals signals;
    std::optional<HeldLock> held;
    const int signal = wait_for_hold(
        client, signals, [&] { held = client.mutex(arguments.name).acquire_for(times.wait); });
    if (signal != 0) return ProductionExit::signal_base + signal;
    if (!held) {
        tell("lock", "'" + arguments.name + "' is held by another: not obtained in time");
        return arguments.not_obtained_code;
    }
    const int code = run_under(std::move(guard), signals, "lock", *held, arguments, times);
    return give_up(client, *held, "lock", code, &HeldLock::try_release);
}

}  // namespace

void add_lock(CLI::App& app, HoldArguments& arguments, std::function<int()>& verb) {
    arguments.kind = HoldKind::lock;
    CLI::App* const lock =
        app.add_subcommand("lock", "Run a command under a lock: lock NAME [OPTIONS] -- CMD...");
    add_hold_options(*lock, arguments, "NAME");
    lock->callback([&] {
        verb = [&] { return run_production("lock", [&] { return run_lock(arguments); }); };
    });
}

}  // namespace conclave::tool
