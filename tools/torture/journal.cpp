#include "journal.hpp"

#include <nlohmann/json.hpp>

namespace conclave::torture {

using nlohmann::json;
using properties::Action;
using properties::Call;
using properties::Calls;
using scenarios::Observed;

namespace {

json members_of(const Calls& calls, const Call& call) {
    json members = json::array();
    for (const properties::TextId member : calls.list(call.result))
        members.push_back(calls.text(member));
    return members;
}

}  // namespace

// Names are bytes: what is no UTF-8 is replaced, since people read it.
void Journal::write(const json& line) {
    write_(line.dump(-1, ' ', false, json::error_handler_t::replace));
}

void Journal::begun(Observed kind, std::uint32_t number, const Calls& calls) {
    const Call& call = calls.calls[number];
    write({{"what", "begun"},
           {"kind", static_cast<int>(kind)},
           {"number", number},
           {"action", static_cast<int>(call.action)},
           {"session", calls.text(call.session)},
           {"place", calls.text(call.server)},
           {"object", calls.text(call.object)},
           {"argument", call.argument == 0 ? "" : calls.text(call.argument)},
           {"second", call.second == 0 ? "" : calls.text(call.second)},
           {"ttl_ns", call.ttl_ns},
           {"call_ns", call.call_ns}});
}

void Journal::ended(Observed kind, std::uint32_t number, const Calls& calls) {
    const Call& call = calls.calls[number];
    json line = {{"what", "ended"},
                 {"kind", static_cast<int>(kind)},
                 {"number", number},
                 {"call_ns", call.call_ns},
                 {"return_ns", call.return_ns},
                 {"status", static_cast<int>(call.status)},
                 {"agreed", call.agreed},
                 {"token", call.token}};
    if (call.action == Action::members) line["members"] = members_of(calls, call);
    if (call.action == Action::read) {
        line["read"] = call.result == 0 ? "" : calls.text(call.result);
        line["object"] = calls.text(call.object);  // an answer may tell of what it is
    }
    write(line);
}

void Journal::doubtful(const std::vector<scenarios::DoubtfulLife>& lives) {
    json list = json::array();
    for (const scenarios::DoubtfulLife& each : lives)
        list.push_back({{"group", each.group},
                        {"life", each.life},
                        {"since_ns", each.since_ns},
                        {"lease_ns", each.lease_ns}});
    write({{"what", "doubtful"}, {"lives", list}});
}

void Journal::earlier_lives_may_end(const std::string& member, const std::string& group,
                                    std::int64_t at_ns) {
    write({{"what", "earlier_lives_may_end"},
           {"member", member},
           {"group", group},
           {"at_ns", at_ns}});
}

void Journal::started(const Claims& claims) {
    json characteristics = json::array(), features = json::array();
    for (const Characteristic each : claims.characteristics)
        characteristics.push_back(static_cast<int>(each));
    for (const Feature each : claims.features) features.push_back(static_cast<int>(each));
    write({{"what", "started"}, {"characteristics", characteristics}, {"features", features}});
}

void Journal::stopping(std::int64_t at_ns) { write({{"what", "stopping"}, {"at_ns", at_ns}}); }

void Journal::gave_up(const std::string& reason) {
    write({{"what", "gave_up"}, {"reason", reason}});
}

std::uint64_t Journal::believes(const Belief& belief) {
    write({{"what", "believes"},
           {"belief", ++beliefs_},
           {"kind", static_cast<int>(belief.kind)},
           {"object", belief.object},
           {"token", belief.token},
           {"call_ns", belief.call_ns},
           {"begin_ns", belief.begin_ns},
           {"until_ns", belief.until_ns}});
    return beliefs_;
}

void Journal::looked(std::uint64_t belief, std::int64_t at_ns, bool valid, std::int64_t until_ns) {
    write({{"what", "looked"},
           {"belief", belief},
           {"at_ns", at_ns},
           {"valid", valid},
           {"until_ns", until_ns}});
}

void Journal::no_longer_believes(std::uint64_t belief, std::int64_t at_ns, std::int64_t until_ns) {
    write({{"what", "no_longer_believes"},
           {"belief", belief},
           {"at_ns", at_ns},
           {"until_ns", until_ns}});
}

void Journal::read_members(const std::string& group, std::int64_t call_ns, std::int64_t return_ns,
                           const std::set<std::string>& members) {
    write({{"what", "read_members"},
           {"group", group},
           {"call_ns", call_ns},
           {"return_ns", return_ns},
           {"members", members}});
}

}  // namespace conclave::torture
