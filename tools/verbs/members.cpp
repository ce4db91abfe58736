// conclave members GROUP

#include <iostream>

#include "production.hpp"
#include "value_json.hpp"

namespace conclave::tool {

namespace {

using Json = nlohmann::ordered_json;

void print(const std::string& group, const std::map<MemberId, Value>& members, bool json) {
    if (!json) {
        for (const auto& [member, capabilities] : members) std::cout << member.bytes() << '\n';
        return;
    }
    Json out{{"version", 1}, {"group", group}, {"members", Json::array()}};
    for (const auto& [member, capabilities] : members)
        out["members"].push_back(
            {{"member", member.bytes()}, {"capabilities", to_json(capabilities)}});
    std::cout << line_of(out) << '\n';
}

int members(const MembersArguments& arguments) {
    if (arguments.watch)
        return watch({arguments.backend, "group", arguments.group, arguments.json});
    Client client = connect_to(arguments.backend);
    print(arguments.group, client.group(arguments.group).members_with_capabilities(),
          arguments.json);
    client.stop(stop_limit);
    return ProductionExit::done;
}

}  // namespace

void add_members(CLI::App& app, MembersArguments& arguments, std::function<int()>& verb) {
    CLI::App* const command = app.add_subcommand("members", "List the members of a group");
    command->add_option("GROUP", arguments.group)->required();
    add_url(*command, arguments.backend);
    command->add_flag("--watch", arguments.watch, "Go on, and tell who joins and leaves");
    command->add_flag("--json", arguments.json, "JSON, with capabilities; one object a line");
    command->callback([&] {
        verb = [&] { return run_production("members", [&] { return members(arguments); }); };
    });
}

}  // namespace conclave::tool
