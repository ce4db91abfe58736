// Why a command may not run, in the order in which Redis asks.
// Source: processCommand() in server.c and scriptCall() in script.c of Redis 7.0.15.

#include "engine/refusals.hpp"

#include <algorithm>

#include "engine/call.hpp"
#include "engine/command_table.hpp"
#include "engine/text.hpp"

namespace conclave::servers::redis {

namespace {

constexpr std::string_view out_of_memory =
    "OOM command not allowed when used memory > 'maxmemory'.";
constexpr std::string_view read_only = "READONLY You can't write against a read only replica.";
constexpr std::string_view too_few_replicas = "NOREPLICAS Not enough good replicas to write.";

std::string upper(std::string_view text) {
    std::string result(text);
    for (char& c : result)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return result;
}

/// Whether any command that EXEC is about to run could need memory.
bool queue_grows(const Session& session) {
    return std::any_of(session.queued.begin(), session.queued.end(), [](const auto& words) {
        const Command* command = find_command(words[0]);
        return command && command->is(command_flag::grows);
    });
}

bool queue_writes(const Session& session) {
    return std::any_of(session.queued.begin(), session.queued.end(), [](const auto& words) {
        const Command* command = find_command(words[0]);
        return command && command->is(command_flag::write);
    });
}

}  // namespace

std::string unknown_command(Arguments arguments) {
    const std::string_view name = arguments[0].substr(0, 128);
    if (real_command(name))
        return "ERR unsupported by the model: command '" + lower(name) + "'";
    std::string text = "ERR unknown command '" + std::string(name) + "', with args beginning with: ";
    std::size_t length = 0;
    for (std::size_t i = 1; i < arguments.size() && length < 128; ++i) {
        const std::string word = "'" + std::string(arguments[i].substr(0, 128 - length)) + "' ";
        length += word.size();
        text += word;
    }
    return text;
}

std::string unknown_subcommand(const Command& container, std::string_view name) {
    const std::string_view cut = name.substr(0, 128);
    if (real_command(std::string(container.name) + "|" + std::string(cut)))
        return "ERR unsupported by the model: command '" + std::string(container.name) + "|" +
               lower(cut) + "'";
    return "ERR unknown subcommand '" + std::string(cut) + "'. Try " + upper(container.name) +
           " HELP.";
}

bool Engine::refuse(Call& call) {
    const Command& command = call.command;
    if (!command.accepts(call.size())) return call.wrong_arity(), true;
    if (!call.session.authenticated && !command.is(command_flag::no_auth))
        return call.reply.error("NOAUTH Authentication required."), true;
    if (command.is(command_flag::no_transaction) && call.session.transaction)
        return call.reply.error("ERR Command not allowed inside a transaction"), true;
    if (call.session.kind == Session::Kind::master) return false;
    const bool grows = command.is(command_flag::grows) ||
                       (command.name == "exec" && queue_grows(call.session));
    if (options_.keys_max != 0 && !make_room() && grows) {
        if (command.name != "exec") return call.reply.error(out_of_memory), true;
        call.reply.error("EXECABORT Transaction discarded because of: " +
                         std::string(out_of_memory.substr(4)));
        return true;
    }
    return refuse_by_role(call);
}

bool Engine::refuse_by_role(Call& call) {
    const Command& command = call.command;
    const bool exec = command.name == "exec";
    const bool writes = command.is(command_flag::write) || (exec && queue_writes(call.session));
    std::string_view refusal;
    if (writes && !replication_.replica && options_.min_replicas_to_write != 0 &&
        replication_.good_replicas(call.now, options_.min_replicas_max_lag_ms) <
            options_.min_replicas_to_write)
        refusal = too_few_replicas;
    else if (writes && replication_.replica)
        refusal = read_only;
    if (!refusal.empty()) {
        if (exec) call.reply.error("EXECABORT Transaction discarded because of: " +
                                   std::string(refusal.substr(refusal.find(' ') + 1)));
        else call.reply.error(refusal);
        return true;
    }
    if (call.session.subscribed() && call.session.protocol == 2 &&
        !command.is(command_flag::subscriber)) {
        call.reply.error("ERR Can't execute '" + std::string(command.name) +
                         "': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are "
                         "allowed in this context");
        return true;
    }
    return false;
}

bool Engine::refuse_in_script(Call& call) {
    const Command& command = call.command;
    if (!command.accepts(call.size()))
        return call.reply.error("ERR Wrong number of args calling Redis command from script"), true;
    if (command.is(command_flag::grows) && options_.keys_max != 0 && !make_room())
        return call.reply.error(out_of_memory), true;
    if (!command.is(command_flag::write)) return false;
    if (replication_.replica) return call.reply.error(read_only), true;
    if (options_.min_replicas_to_write != 0 &&
        replication_.good_replicas(call.now, options_.min_replicas_max_lag_ms) <
            options_.min_replicas_to_write)
        return call.reply.error(too_few_replicas), true;
    return false;
}

bool Engine::may_write(const Session& session, Arguments arguments) const {
    const Command* command = arguments.empty() ? nullptr : find_command(arguments[0]);
    if (!command) return false;
    if (command->name == "exec") return queue_writes(session);
    if (session.transaction) return false;
    return command->is(command_flag::write | command_flag::writes_maybe);
}

/// Whether there is room for a key more, after the policy's evictions.
bool Engine::make_room() {
    const auto keys = [this] {
        std::size_t count = 0;
        for (const Keyspace& keyspace : keyspaces_) count += keyspace.size();
        return count;
    };
    // A replica leaves eviction to its master.
    if (replication_.replica) return true;
    while (keys() >= options_.keys_max)
        if (!evict_one()) return false;
    return true;
}

bool Engine::evict_one() {
    if (options_.eviction == Eviction::noeviction) return false;
    const std::string* oldest = nullptr;
    std::uint64_t oldest_use = 0;
    int oldest_database = 0;
    for (int database = 0; database < databases; ++database)
        for (const auto& [key, entry] : keyspaces_[database].entries()) {
            const bool candidate =
                options_.eviction == Eviction::allkeys_lru || entry.volatile_key();
            if (!candidate || (oldest && entry.used >= oldest_use)) continue;
            oldest = &key;
            oldest_use = entry.used;
            oldest_database = database;
        }
    if (!oldest) return false;
    const std::string key = *oldest;
    keyspaces_[oldest_database].erase(key);
    ++evicted_keys_;
    touch_watchers(oldest_database, key);
    const std::string_view words[] = {"DEL", key};
    propagate(oldest_database, words);
    return true;
}

}  // namespace conclave::servers::redis
