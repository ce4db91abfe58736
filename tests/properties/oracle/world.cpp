#include "world.hpp"

namespace conclave::oracle {

bool has_leases(Model model) {
    return model == Model::lease || model == Model::leader || model == Model::group;
}

bool is_update(const Call& call, Model model) {
    if (call.action == Action::read || call.action == Action::members) return false;
    if (call.status == Status::ok && !call.agreed) return false;
    if (call.action == Action::cas) return call.argument != call.second;
    if (call.action == Action::renew) return model != Model::mutex;
    if (model == Model::tokens) return call.token >= 0;
    return true;
}

namespace {

/// Whether who sent message number `last` knew then that call `earlier` had been answered.
bool knew(const Calls& history, int earlier, std::size_t last) {
    const Call& call = history.calls[static_cast<std::size_t>(earlier)];
    const properties::Message& sent = history.messages[last];
    const bool in_time = call.return_ns < sent.sent_ns ||
                         (call.return_ns == sent.sent_ns &&
                          static_cast<std::uint32_t>(earlier) < sent.position);
    if (call.session == sent.from && in_time) return true;
    for (std::size_t i = 0; i < history.messages.size(); ++i) {
        const properties::Message& one = history.messages[i];
        if (one.to != sent.from || one.received_ns > sent.sent_ns) continue;
        const bool at_once = one.received_ns == sent.sent_ns;
        if (at_once && one.position > sent.position) continue;
        if (at_once && one.position == sent.position && i >= last) continue;
        if (knew(history, earlier, i)) return true;
    }
    return false;
}

}  // namespace

bool told(const Calls& history, int earlier, int later) {
    const Call& first = history.calls[static_cast<std::size_t>(earlier)];
    const Call& second = history.calls[static_cast<std::size_t>(later)];
    if (first.status != Status::ok || second.status == Status::failed) return false;
    if (first.action == Action::expire || second.action == Action::expire) return false;
    for (std::size_t i = 0; i < history.messages.size(); ++i) {
        const properties::Message& one = history.messages[i];
        const bool in_time = one.received_ns < second.call_ns ||
                             (one.received_ns == second.call_ns &&
                              one.position <= static_cast<std::uint32_t>(later));
        if (one.to == second.session && in_time && knew(history, earlier, i)) return true;
    }
    return false;
}

namespace {

bool step_register(World& world, const Call& call, bool agreed) {
    TextId& value = world.values[call.object];
    if (call.action == Action::read) return value == call.result;
    if (call.action == Action::cas && !agreed) return value != call.argument;
    if (call.action == Action::cas && value != call.argument) return false;
    value = call.action == Action::cas ? call.second : call.argument;
    return true;
}

/// What readers see while `owner` leads: the first campaign of its that is written down tells.
TextId acts_for(const Calls& history, TextId object, TextId owner) {
    for (const Call& call : history.calls)
        if (call.action == Action::acquire && call.object == object && call.argument == owner)
            return call.second ? call.second : owner;
    return owner;
}

bool step_lock(World& world, const Calls& history, const Call& call, bool agreed, Model model,
               int index) {
    const bool held = world.locks.contains(call.object);
    const bool mine = held && world.locks[call.object].owner == call.argument;
    switch (call.action) {
        case Action::read:
            if (!held || call.result == 0) return !held && call.result == 0;
            return acts_for(history, call.object, world.locks[call.object].owner) == call.result;
        case Action::acquire:
            if (!agreed) return held;
            if (held) return false;
            world.locks[call.object] = {call.argument, call.ttl_ns > 0 ? index : -1};
            return true;
        case Action::release:
            if (!agreed) return !mine;
            if (mine) world.locks.erase(call.object);
            return mine;
        case Action::renew:
            if (!agreed) return !mine;
            if (mine && has_leases(model))
                world.locks[call.object].call = call.ttl_ns > 0 ? index : -1;
            return mine;
        default:  // expire
            if (mine) world.locks.erase(call.object);
            return true;
    }
}

bool step_member(World& world, const Calls& history, const Call& call, bool agreed, int index) {
    const std::pair place(call.object, call.argument);
    const bool present = world.members.contains(place);
    switch (call.action) {
        case Action::members: {
            std::set<TextId> listed, there;
            for (const TextId member : history.list(call.result)) listed.insert(member);
            for (const auto& [key, since] : world.members)
                if (key.first == call.object) there.insert(key.second);
            return listed == there;
        }
        case Action::read: return call.result == (present ? world.carried[place] : 0);
        case Action::join:
            if (!agreed) return present;
            if (present) return false;
            world.members[place] = call.ttl_ns > 0 ? index : -1;
            world.carried[place] = call.second;
            return true;
        case Action::update:
            if (!agreed) return !present;
            if (present) world.carried[place] = call.second;
            return present;
        case Action::leave:
            if (!agreed) return !present;
            return world.members.erase(place) == 1;
        default:  // expire
            world.members.erase(place);
            return true;
    }
}

}  // namespace

bool step(World& world, const Calls& history, Model model, int index) {
    const Call& call = history.calls[static_cast<std::size_t>(index)];
    const bool agreed = call.status == Status::unknown || call.agreed;
    switch (model) {
        case Model::register_:
        case Model::cas_register: return step_register(world, call, agreed);
        case Model::mutex:
        case Model::lease:
        case Model::leader: return step_lock(world, history, call, agreed, model, index);
        case Model::group:
        case Model::capabilities: return step_member(world, history, call, agreed, index);
        case Model::tokens: break;
    }
    if (!agreed || call.token < 0) return true;
    const auto [latest, first] = world.tokens.emplace(call.object, call.token);
    if (first) return true;
    if (call.token <= latest->second) return false;
    latest->second = call.token;
    return true;
}

bool end_lease(World& world, const Calls& history, Model model, int index) {
    const Call& call = history.calls[static_cast<std::size_t>(index)];
    if (model == Model::group) {
        const auto found = world.members.find({call.object, call.argument});
        if (found == world.members.end() || found->second != index) return false;
        world.members.erase(found);
        return true;
    }
    const auto found = world.locks.find(call.object);
    if (found == world.locks.end() || found->second.call != index) return false;
    world.locks.erase(found);
    return true;
}

}  // namespace conclave::oracle
