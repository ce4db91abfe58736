#include "engine/engine.hpp"

#include <algorithm>
#include <utility>

#include "engine/call.hpp"
#include "engine/command_table.hpp"
#include "engine/pubsub.hpp"
#include "engine/refusals.hpp"
#include "engine/text.hpp"

namespace conclave::servers::redis {

Engine::Engine(EngineOptions options, Supervisor& supervisor)
    : options_(std::move(options)), supervisor_(supervisor) {}

void Engine::connected(Session& session) {
    session.authenticated = options_.password.empty() || session.kind == Session::Kind::master;
    sessions_.emplace(session.id, &session);
    ++connections_received_;
}

void Engine::disconnected(Session& session) {
    PubSubCommands::leave_all(*this, session);
    std::erase(watchers_, &session);
    sessions_.erase(session.id);
}

void Engine::execute(Session& session, Arguments arguments, std::int64_t now) {
    if (arguments.empty()) return;
    ReplyWriter reply(session.output, session.protocol);
    const Command* command = find_command(arguments[0]);
    // A subcommand's full name is not a command.
    if (!command || command->name.find('|') != std::string_view::npos) {
        session.transaction_failed |= session.transaction;
        reply.error(unknown_command(arguments));
        return;
    }
    if (command->has_subcommands() && arguments.size() > 1) {
        const Command* subcommand = find_subcommand(*command, arguments[1]);
        if (!subcommand) {
            session.transaction_failed |= session.transaction;
            reply.error(unknown_subcommand(*command, arguments[1]));
            return;
        }
        command = subcommand;
    }
    Call call(*this, session, *command, arguments, now);
    if (const std::string text = refusal(call); !text.empty()) {
        refuse(call, text);
    } else if (session.transaction && !command->is(command_flag::at_once)) {
        queue(call);
        return;
    } else {
        run(call);
    }
    finish(session);
}

void Engine::run(Call& call) {
    ++commands_processed_;
    call.command.run(call);
    if (call.changes != 0 && !call.replicated) propagate(call.session.database, call.arguments);
}

void Engine::queue(Call& call) {
    call.session.queued.emplace_back(call.arguments.begin(), call.arguments.end());
    call.reply.status("QUEUED");
}

void Engine::finish(Session& session) {
    const std::size_t before = stream_.size();
    // Effects of one command reach replicas together or not at all.
    if (pending_commands_ > 1) stream_ += "*1\r\n$5\r\nMULTI\r\n";
    stream_ += pending_;
    if (pending_commands_ > 1) stream_ += "*1\r\n$4\r\nEXEC\r\n";
    pending_.clear();
    pending_commands_ = 0;
    if (replication_.backlog && feeding_)
        replication_.offset += static_cast<std::int64_t>(stream_.size() - before);
    session.last_write_offset = replication_.offset;
}

void Engine::propagate(int database, Arguments words) {
    if (!feeding_) return;
    if (stream_database_ != database) {
        const std::string number = std::to_string(database);
        const std::string_view select[] = {"SELECT", number};
        append_request(pending_, Arguments(select));
        stream_database_ = database;
    }
    append_request(pending_, words);
    ++pending_commands_;
    supervisor_.changed(database, words);
}

void Engine::touch_watchers(int database, std::string_view key) {
    for (Session* watcher : watchers_) {
        for (WatchedKey& watched : watcher->watched) {
            if (watched.database != database || watched.key != key) continue;
            const bool still_there = keyspaces_[database].find(key) != nullptr;
            // A key that had expired when WATCH came is now merely deleted: no change.
            if (watched.expired && !still_there) watched.expired = false;
            else watcher->watch_broken = true;
            break;
        }
    }
}

void Engine::touch_watchers_of_all(int database) {
    for (Session* watcher : watchers_)
        for (const WatchedKey& watched : watcher->watched)
            if (watched.database == database && keyspaces_[database].find(watched.key))
                watcher->watch_broken |= !watched.expired;
}

void Engine::delete_expired(int database, const std::string& key, Expiry expiry,
                            std::int64_t now) {
    const std::int64_t late_ms = now - keyspaces_[database].find(key)->expires_at;
    supervisor_.expired({database, key, expiry, late_ms});
    keyspaces_[database].erase(key);
    ++expired_keys_;
    touch_watchers(database, key);
    const std::string_view words[] = {"DEL", key};
    propagate(database, words);
}

void Engine::expire_keys(std::int64_t now) {
    if (replication_.replica) return;
    Session nobody;
    for (int database = 0; database < databases; ++database) {
        Keyspace& keyspace = keyspaces_[database];
        if (keyspace.volatile_keys() == 0) continue;
        std::vector<std::string> expired;
        for (const auto& [key, entry] : keyspace.entries())
            if (entry.expired(now)) expired.push_back(key);
        for (const std::string& key : expired) delete_expired(database, key, Expiry::active, now);
        keyspace.tighten_earliest_expiry();
    }
    finish(nobody);
}

std::int64_t Engine::earliest_expiry() const noexcept {
    std::int64_t earliest = keyspaces_[0].earliest_expiry();
    for (const Keyspace& keyspace : keyspaces_)
        earliest = std::min(earliest, keyspace.earliest_expiry());
    return earliest;
}

std::size_t Engine::volatile_keys() const noexcept {
    std::size_t count = 0;
    for (const Keyspace& keyspace : keyspaces_) count += keyspace.volatile_keys();
    return count;
}

const Entry* Engine::peek(int database, std::string_view key) const {
    const Keyspace::Map& entries = keyspaces_[database].entries();
    const auto found = entries.find(key);
    return found == entries.end() ? nullptr : &found->second;
}

void Engine::clear_data() noexcept {
    for (Keyspace& keyspace : keyspaces_) keyspace.clear();
}

}  // namespace conclave::servers::redis
