#include "production_verbs.hpp"

#include <algorithm>
#include <set>

#include "conclave/partitioner.hpp"
#include "../torture/torture_command.hpp"
#include "production.hpp"

namespace conclave::tool {

namespace {

const std::set<std::string> with_command = {"lock", "elect", "join"};
const std::set<std::string> without_command = {"members", "watch", "who", "break", "doctor"};

}  // namespace

struct ProductionVerbs::Arguments {
    std::string called;
    HoldArguments lock;
    ElectArguments elect;
    JoinArguments join;
    MembersArguments members;
    WatchArguments watch;
    WhoArguments who;
    BreakArguments broken;
    DoctorArguments doctor;
    torture::TortureArguments torture;
};

ProductionVerbs::ProductionVerbs(std::vector<std::string>& arguments)
    : arguments_(std::make_unique<Arguments>()) {
    if (arguments.empty()) return;
    arguments_->called = arguments.front();
    if (!with_command.contains(arguments_->called)) return;
    const auto mark = std::find(arguments.begin(), arguments.end(), "--");
    if (mark == arguments.end()) return;
    const std::vector<std::string> command(mark + 1, arguments.end());
    arguments.erase(mark, arguments.end());
    for (HoldArguments* const each :
         {&arguments_->lock, &arguments_->elect.hold, &arguments_->join.hold})
        each->command = command;
}

ProductionVerbs::~ProductionVerbs() = default;

void ProductionVerbs::add(CLI::App& app, Verb& verb) {
    add_lock(app, arguments_->lock, verb);
    add_elect(app, arguments_->elect, verb);
    add_join(app, arguments_->join, verb);
    add_members(app, arguments_->members, verb);
    add_watch(app, arguments_->watch, verb);
    add_who(app, arguments_->who, verb);
    add_break(app, arguments_->broken, verb);
    add_doctor(app, arguments_->doctor, verb);
    torture::add_torture(app, arguments_->torture, verb);
}

GroupReader ProductionVerbs::group_reader() const {
    return [](const std::string& url, const std::string& group, std::uint64_t weight_max) {
        Client client = connect_to({url});
        std::map<std::string, std::uint64_t> weights;
        for (const auto& [member, capabilities] : client.group(group).members_with_capabilities())
            weights[member.bytes()] = partition_weight(capabilities, weight_max);
        client.stop(stop_limit);
        return weights;
    };
}

int ProductionVerbs::run(const std::string& verb, const Verb& body) {
    return run_production(verb, body);
}

int ProductionVerbs::usage_exit(int otherwise) const {
    const std::string& called = arguments_->called;
    const bool ours = with_command.contains(called) || without_command.contains(called);
    return ours ? static_cast<int>(ProductionExit::bad_usage) : otherwise;
}

}  // namespace conclave::tool
