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
constexpr std::string_view busy =
    "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.";
constexpr std::string_view no_space =
    "MISCONF Errors writing to the AOF file: No space left on device";
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
    if (real_command(name)) return "ERR unsupported by the model: command '" + lower(name) + "'";
    return unknown_to_redis(arguments);
}

std::string unknown_to_redis(Arguments arguments) {
    const std::string_view name = arguments[0].substr(0, 128);
    std::string text =
        "ERR unknown command '" + std::string(name) + "', with args beginning with: ";
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
    return unknown_subcommand_of(container.name, name);
}

std::string unknown_subcommand_of(std::string_view container, std::string_view name) {
    std::string text = "ERR unknown subcommand '";
    return text.append(name.substr(0, 128)).append("'. Try ").append(upper(container)) + " HELP.";
}

std::string wrong_number_of_arguments(std::string_view command) {
    std::string text = "ERR wrong number of arguments for '";
    return text.append(command) + "' command";
}

std::string only_for_subscribers(std::string_view command) {
    std::string text = "ERR Can't execute '";
    return text.append(command) +
           "': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this "
           "context";
}

std::string Engine::refusal(const Call& call) {
    const Command& command = call.command;
    const Session& session = call.session;
    if (!command.accepts(call.size())) return wrong_number_of_arguments(command.name);
    if (!session.authenticated && !command.is(command_flag::no_auth))
        return "NOAUTH Authentication required.";
    if (command.is(command_flag::no_transaction) && session.transaction)
        return "ERR Command not allowed inside a transaction";
    // What a master sends has been decided there.
    if (session.kind == Session::Kind::master) return {};
    const bool exec = command.name == "exec";
    const bool grows = command.is(command_flag::grows) || (exec && queue_grows(session));
    const bool writes = command.is(command_flag::write) || (exec && queue_writes(session));
    if (const std::string_view text = refusal_of_data(call, grows, writes); !text.empty())
        return std::string(text);
    if (session.subscribed() && session.protocol == 2 && !command.is(command_flag::subscriber))
        return only_for_subscribers(command.name);
    if (script_running_ && !command.is(command_flag::allow_busy)) return std::string(busy);
    return {};
}

std::string_view Engine::refusal_of_data(const Call& call, bool grows, bool writes) {
    if (grows && options_.keys_max != 0 && !script_running_ && !make_room()) return out_of_memory;
    if (file_error_ && (writes || call.command.name == "ping")) return no_space;
    if (!writes) return {};
    if (replication_.replica) return read_only;
    if (options_.min_replicas_to_write != 0 &&
        replication_.good_replicas(call.now, options_.min_replicas_max_lag_ms) <
            options_.min_replicas_to_write)
        return too_few_replicas;
    return {};
}

void Engine::refuse(Call& call, std::string_view text) {
    if (call.command.name != "exec") {
        call.session.transaction_failed |= call.session.transaction;
        return call.reply.error(text);
    }
    if (text.starts_with("ERR ")) text.remove_prefix(4);
    forget_transaction(call.session);
    call.reply.error("EXECABORT Transaction discarded because of: " + std::string(text));
}

void Engine::forget_transaction(Session& session) {
    session.discard_transaction();
    std::erase(watchers_, &session);
}

std::string_view Engine::refusal_in_script(const Call& call) {
    const Command& command = call.command;
    if (!command.accepts(call.size()))
        return "ERR Wrong number of args calling Redis command from script";
    return refusal_of_data(call, command.is(command_flag::grows), command.is(command_flag::write));
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
