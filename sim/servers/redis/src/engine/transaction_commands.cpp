// MULTI EXEC DISCARD WATCH UNWATCH. Source: multi.c of Redis 7.0.15.

#include <algorithm>
#include <utility>

#include "engine/command_table.hpp"
#include "engine/server_commands.hpp"

namespace conclave::servers::redis {

void ServerCommands::forget_watches(Engine& engine, Session& session) {
    session.watched.clear();
    session.watch_broken = false;
    std::erase(engine.watchers_, &session);
}

void ServerCommands::multi(Call& call) {
    if (call.session.transaction) return call.reply.error("ERR MULTI calls can not be nested");
    call.session.transaction = true;
    call.reply.ok();
}

void ServerCommands::discard(Call& call) {
    if (!call.session.transaction) return call.reply.error("ERR DISCARD without MULTI");
    forget_watches(call.engine, call.session);
    call.session.discard_transaction();
    call.reply.ok();
}

void ServerCommands::exec(Call& call) {
    Session& session = call.session;
    Engine& engine = call.engine;
    if (!session.transaction) return call.reply.error("ERR EXEC without MULTI");
    // A watched key that has expired since counts as changed, although nobody has deleted it yet.
    for (const WatchedKey& watched : session.watched) {
        const Entry* entry = engine.keyspaces_[watched.database].find(watched.key);
        if (!watched.expired && entry && entry->expired(call.now)) session.watch_broken = true;
    }
    const bool failed = session.transaction_failed;
    const bool broken = session.watch_broken;
    const auto queued = std::move(session.queued);
    forget_watches(engine, session);
    session.discard_transaction();
    if (failed)
        return call.reply.error("EXECABORT Transaction discarded because of previous errors.");
    if (broken) return call.reply.null_array();
    call.reply.array(queued.size());
    session.executing = true;
    std::vector<std::string_view> words;
    for (const auto& each : queued) {
        words.assign(each.begin(), each.end());
        const Command* command = find_command(words[0]);
        if (command->has_subcommands() && words.size() > 1)
            command = find_subcommand(*command, words[1]);
        Call inner(engine, session, *command, words, call.now);
        engine.run(inner);
    }
    session.executing = false;
}

void ServerCommands::watch(Call& call) {
    Session& session = call.session;
    if (session.transaction) return call.reply.error("ERR WATCH inside MULTI is not allowed");
    for (std::string_view key : call.arguments.subspan(1)) {
        const auto same = [&](const WatchedKey& watched) {
            return watched.database == session.database && watched.key == key;
        };
        if (std::any_of(session.watched.begin(), session.watched.end(), same)) continue;
        const Entry* entry = call.keyspace().find(key);
        const bool expired = entry && entry->expired(call.now);
        session.watched.push_back({session.database, std::string(key), expired});
    }
    auto& watchers = call.engine.watchers_;
    if (std::find(watchers.begin(), watchers.end(), &session) == watchers.end())
        watchers.push_back(&session);
    call.reply.ok();
}

void ServerCommands::unwatch(Call& call) {
    forget_watches(call.engine, call.session);
    call.reply.ok();
}

}  // namespace conclave::servers::redis
