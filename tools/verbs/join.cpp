// conclave join GROUP -- CMD...

#include "production.hpp"
#include "value_json.hpp"

namespace conclave::tool {

namespace {

int join(const JoinArguments& arguments) {
    const HoldArguments& hold = arguments.hold;
    const HoldTimes times = hold_times(hold);
    const Value capabilities = arguments.capabilities.empty()
                                   ? Value()
                                   : value_of(arguments.capabilities, "--capabilities");
    const MemberId member = own_member_id();
    auto guard = std::make_unique<Guard>(
        GuardedCommand{hold.command,
                       {{"CONCLAVE_GROUP", hold.name}, {"CONCLAVE_MEMBER", member.bytes()}},
                       times.kill_after});
    Client client = connect_to(hold.backend, {.member_id = member});
    EndingSignals signals;
    std::optional<Membership> membership;
    const int signal = wait_for_hold(
        client, signals, [&] { membership = client.group(hold.name).join(capabilities); });
    if (signal != 0) return ProductionExit::signal_base + signal;
    const int code = run_under(std::move(guard), signals, "join", *membership, hold, times);
    return give_up(client, *membership, "join", code, &Membership::try_leave);
}

}  // namespace

void add_join(CLI::App& app, JoinArguments& arguments, std::function<int()>& verb) {
    arguments.hold.kind = HoldKind::membership;
    CLI::App* const command = app.add_subcommand(
        "join", "Run a command as a member of a group: join GROUP [OPTIONS] -- CMD...");
    add_hold_options(*command, arguments.hold, "GROUP");
    command->add_option("--capabilities", arguments.capabilities,
                        "JSON that the others see beside the member");
    command->callback(
        [&] { verb = [&] { return run_production("join", [&] { return join(arguments); }); }; });
}

}  // namespace conclave::tool
