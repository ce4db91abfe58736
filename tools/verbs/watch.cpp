// conclave watch lock|leader|group NAME: what is there, then each change, until a signal.

#include "conclave/group.hpp"
#include "production.hpp"
#include "watch_lines.hpp"

namespace conclave::tool {

namespace {

// Of the backends only a group tells its changes through the library; the others are asked.
constexpr Duration look_again = std::chrono::milliseconds(100);
constexpr int look_again_ms = 100;

/// Prints what `look` says whenever it says something else, and says so once while it fails.
int watch_by_looking(EndingSignals& signals, const WatchArguments& arguments,
                     const std::function<Json()>& look) {
    Json before;
    bool failing = false;
    for (;;) {
        try {
            const Json seen = look();
            if (seen != before) print_line(seen, arguments.json);
            before = seen;
            failing = false;
        } catch (const Error& error) {
            const bool passing = error.error_code() == ErrorCode::connection ||
                                 error.error_code() == ErrorCode::timed_out;
            if (!passing) throw;
            if (!failing) tell("watch", error.what());
            failing = true;
        }
        if (const int signal = signals.wait(look_again_ms))
            return ProductionExit::signal_base + signal;
    }
}

int watch_group(Client& client, EndingSignals& signals, const WatchArguments& arguments) {
    GroupWatch watch = client.group(arguments.name).watch();
    for (;;) {
        if (const std::optional<GroupEvent> event = watch.next(look_again))
            print_event(*event, arguments.json);
        if (const int signal = signals.take()) return ProductionExit::signal_base + signal;
    }
}

int watch_with(Client& client, EndingSignals& signals, const WatchArguments& arguments) {
    if (arguments.what == "group") return watch_group(client, signals, arguments);
    if (arguments.what == "leader")
        return watch_by_looking(signals, arguments,
                                [&, election = client.election(arguments.name)]() mutable {
                                    return leader_state(election.leader());
                                });
    return watch_by_looking(signals, arguments,
                            [&, mutex = client.mutex(arguments.name)]() mutable {
                                Json state = holder_state(mutex.holder());
                                state.erase("lapses_in_ms");  // it changes all the time
                                return state;
                            });
}

}  // namespace

int watch(const WatchArguments& arguments) {
    Client client = connect_to(arguments.backend);
    EndingSignals signals;
    const int code = watch_with(client, signals, arguments);
    client.stop(stop_limit);
    return code;
}

void add_watch(CLI::App& app, WatchArguments& arguments, std::function<int()>& verb) {
    CLI::App* const command =
        app.add_subcommand("watch", "Tell what holds a lock, leads or is in a group, and changes");
    command->add_option("what", arguments.what)
        ->required()
        ->check(CLI::IsMember({"lock", "leader", "group"}));
    command->add_option("NAME", arguments.name)->required();
    add_url(*command, arguments.backend);
    command->add_flag("--json", arguments.json, "A JSON object a line");
    command->callback(
        [&] { verb = [&] { return run_production("watch", [&] { return watch(arguments); }); }; });
}

}  // namespace conclave::tool
