#include "watch_lines.hpp"

#include <iostream>

#include "value_json.hpp"

namespace conclave::tool {

namespace {

const char* name_of(GroupEvent::Kind kind) {
    switch (kind) {
        case GroupEvent::Kind::snapshot: return "snapshot";
        case GroupEvent::Kind::joined: return "joined";
        case GroupEvent::Kind::left: return "left";
        case GroupEvent::Kind::resynced: return "resynced";
    }
    return "?";
}

Json event_state(const GroupEvent& event) {
    Json state{{"event", name_of(event.kind)}, {"revision", event.revision}};
    if (event.kind == GroupEvent::Kind::joined || event.kind == GroupEvent::Kind::left) {
        state["member"] = event.member.bytes();
        return state;
    }
    state["members"] = Json::array();
    for (const MemberId& member : event.members) state["members"].push_back(member.bytes());
    return state;
}

std::string words_of(const Json& state) {
    std::string words;
    for (const auto& [key, value] : state.items()) {
        if (key == "revision") continue;
        const std::string text = value.is_string() ? value.get<std::string>() : line_of(value);
        words += words.empty() ? text : " " + key + "=" + text;
    }
    return words;
}

}  // namespace

Json holder_state(const std::optional<Holder>& holder) {
    if (!holder) return {{"state", "free"}};
    Json state{{"state", "held"}, {"token", holder->token}};
    if (!holder->owner.empty()) state["owner"] = holder->owner;
    if (!holder->member_id.empty()) state["member"] = holder->member_id;
    if (holder->left != Duration::max())
        state["lapses_in_ms"] =
            std::chrono::duration_cast<std::chrono::milliseconds>(holder->left).count();
    return state;
}

Json leader_state(const Leader& leader) {
    switch (leader.known) {
        case Leader::Known::nobody: break;
        case Leader::Known::foreign: return {{"state", "foreign"}};
        case Leader::Known::member: return {{"state", "leader"}, {"member", leader.member_id}};
    }
    return {{"state", "nobody"}};
}

void print_line(const Json& state, bool json) {
    // At once: whoever reads a watch waits for it.
    std::cout << (json ? line_of(state) : words_of(state)) << std::endl;
}

void print_event(const GroupEvent& event, bool json) { print_line(event_state(event), json); }

}  // namespace conclave::tool
