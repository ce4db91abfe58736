#include "history_lines.hpp"

#include <nlohmann/json.hpp>

namespace conclave::torture {

using nlohmann::json;
using properties::Action;
using properties::Call;
using properties::Calls;
using properties::Status;

namespace {

json members_of(const Calls& calls, const Call& call) {
    json members = json::array();
    for (const properties::TextId member : calls.list(call.result))
        members.push_back(calls.text(member));
    return members;
}

json answer_of(const Calls& calls, const Call& call) {
    if (call.action == Action::members) return members_of(calls, call);
    if (call.action == Action::read)
        return call.result == 0 ? json(nullptr) : json(calls.text(call.result));
    if (call.action != Action::acquire) return call.agreed;
    if (!call.agreed) return nullptr;
    return call.token == properties::absent_number ? json(true) : json(call.token);
}

const char* status_of(Status status) {
    if (status == Status::ok) return "ok";
    return status == Status::failed ? "fail" : "unknown";
}

json line_of(const Calls& calls, const Call& call) {
    json line = {{"process", call.session},
                 {"client", calls.text(call.session)},
                 {"op", to_string(call.action)},
                 {"object", calls.text(call.object)},
                 {"call_ns", call.call_ns},
                 {"return_ns", nullptr},
                 {"status", status_of(call.status)}};
    if (call.status == Status::ok) {
        line["return_ns"] = call.return_ns;
        line["ret"] = answer_of(calls, call);
    }
    if (call.argument != 0) line["arg"] = calls.text(call.argument);
    const bool for_member = call.action == Action::acquire && call.second != 0;
    if (for_member) line["arg"] = {calls.text(call.argument), calls.text(call.second)};
    if (call.server != 0) line["server"] = calls.text(call.server);
    if (call.ttl_ns > 0) line["ttl_ns"] = call.ttl_ns;
    return line;
}

json line_of(const Calls& calls, const properties::PartitionWindow& window) {
    json sides = json::array();
    for (const auto& side : window.sides) {
        json names = json::array();
        for (const properties::TextId name : side) names.push_back(calls.text(name));
        sides.push_back(names);
    }
    json line = {{"partition", sides}, {"from_ns", window.begin_ns}, {"until_ns", nullptr}};
    if (window.end_ns != properties::never_ns) line["until_ns"] = window.end_ns;
    return line;
}

}  // namespace

void write_history(const Calls& calls, std::ostream& out) {
    const auto write = [&out](const json& line) {
        out << line.dump(-1, ' ', false, json::error_handler_t::replace) << '\n';
    };
    for (const Call& call : calls.calls) write(line_of(calls, call));
    for (const auto& window : calls.partitions) write(line_of(calls, window));
}

}  // namespace conclave::torture
