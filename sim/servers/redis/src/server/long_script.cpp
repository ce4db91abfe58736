// What others do to a server: a script of theirs that runs for long, and connections of theirs that leave
// no place.
// Source: scriptInterrupt() in script.c, processCommand() in server.c and acceptCommonHandler() in
// networking.c of Redis 7.0.15.

#include <algorithm>

#include "server/server_state.hpp"

namespace conclave::servers::redis {

namespace {
constexpr std::string_view too_many = "-ERR max number of clients reached\r\n";
}  // namespace

void ServerState::occupy(Duration length) {
    const TimePoint now = runtime.clock.now();
    if (now >= script_until) script_since = now;
    script_until = std::max(script_until, saturating_add(now, length));
}

void ServerState::crowd(Duration length) {
    crowded_until = std::max(crowded_until, saturating_add(runtime.clock.now(), length));
}

void ServerState::leave_alone() noexcept {
    script_until = crowded_until = {};
    script_over.notify_all();
}

bool ServerState::script_runs() const noexcept {
    return script_until != TimePoint{} && runtime.clock.now() < script_until;
}

bool ServerState::kill_script() {
    if (!script_runs()) return false;
    report("redis.script_killed", "by SCRIPT KILL");
    script_until = {};
    script_over.notify_all();
    return true;
}

bool ServerState::wait_for_script(Duration patience) {
    while (script_runs()) {
        const TimePoint end = std::min(script_until, saturating_add(script_since, patience));
        if (runtime.clock.now() >= end) break;
        if (script_over.wait(Deadline(end)) == Wake::cancelled) return false;
    }
    return true;
}

bool ServerState::refuse_crowded(Connection& connection) {
    const bool crowded =
        crowded_until != TimePoint{} && runtime.clock.now() < crowded_until;
    if (!crowded && clients.size() < options.clients_max) return false;
    report("redis.client_refused", "maxclients");
    // The first bytes of a connection: there is always room for them.
    connection.write_all(too_many, runtime.after(std::chrono::seconds(1)));
    connection.close();
    return true;
}

}  // namespace conclave::servers::redis
