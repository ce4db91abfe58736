#include "engine/call.hpp"

#include <string>

#include "engine/command_table.hpp"
#include "engine/numbers.hpp"
#include "engine/refusals.hpp"

namespace conclave::servers::redis {

Entry* Call::find(std::string_view key) {
    Entry* entry = keyspace().find(key);
    if (!entry || !entry->expired(now)) return entry;
    // The stream of a master is applied as if nothing expired: its own DEL will come.
    if (session.kind == Session::Kind::master) return entry;
    if (engine.replication_.replica) return nullptr;
    engine.delete_expired(session.database, std::string(key), Expiry::lazy, now);
    return nullptr;
}

Entry* Call::use(std::string_view key) {
    Entry* entry = find(key);
    if (entry) entry->used = ++engine.uses_;
    return entry;
}

void Call::changed(std::string_view key) {
    ++changes;
    engine.touch_watchers(session.database, key);
}

bool Call::erase(std::string_view key) {
    if (!keyspace().erase(key)) return false;
    changed(key);
    return true;
}

void Call::replicate_as(std::initializer_list<std::string_view> words) {
    replicated = true;
    engine.propagate(session.database, Arguments(words.begin(), words.size()));
}

std::optional<std::int64_t> Call::integer(std::size_t at) {
    const auto value = parse_integer(argument(at));
    if (!value) reply.error(errors::not_an_integer);
    return value;
}

void Call::wrong_arity() { reply.error(wrong_number_of_arguments(command.name)); }

void Call::wrong_expire_time() {
    reply.error("ERR invalid expire time in '" + std::string(command.name) + "' command");
}

}  // namespace conclave::servers::redis
