// The data set as a whole and the server: KEYS SCAN DBSIZE FLUSHDB FLUSHALL TIME CONFIG COMMAND, and
// what the replication layer answers: ROLE REPLICAOF WAIT PSYNC REPLCONF.
// Source: db.c, config.c and replication.c of Redis 7.0.15.

#include "engine/server_commands.hpp"

#include <vector>

#include "engine/command_table.hpp"
#include "engine/commands.hpp"
#include "engine/numbers.hpp"
#include "engine/text.hpp"

namespace conclave::servers::redis {

void ServerCommands::keys(Call& call) {
    std::vector<std::string_view> found;
    for (const auto& [key, entry] : call.keyspace().entries())
        if (!entry.expired(call.now) && glob_match(call.argument(1), key)) found.push_back(key);
    call.reply.array(found.size());
    for (std::string_view key : found) call.reply.bulk(key);
}

namespace {

struct ScanOptions {
    std::optional<std::string_view> pattern;
    std::optional<std::string> type;
};

bool parse_scan(Call& call, ScanOptions& options) {
    for (std::size_t at = 2; at < call.size(); at += 2) {
        if (at + 1 == call.size()) return call.reply.error(errors::syntax), false;
        if (equal_ignoring_case(call.argument(at), "COUNT")) {
            const auto count = call.integer(at + 1);
            if (!count) return false;
            if (*count < 1) return call.reply.error(errors::syntax), false;
        } else if (equal_ignoring_case(call.argument(at), "MATCH")) {
            options.pattern = call.argument(at + 1);
        } else if (equal_ignoring_case(call.argument(at), "TYPE")) {
            options.type = lower(call.argument(at + 1));
        } else {
            return call.reply.error(errors::syntax), false;
        }
    }
    return true;
}

}  // namespace

void ServerCommands::scan(Call& call) {
    const std::string_view cursor = call.argument(1);
    if (cursor.empty() || cursor.find_first_not_of("0123456789") != std::string_view::npos)
        return call.reply.error("ERR invalid cursor");
    ScanOptions options;
    if (!parse_scan(call, options)) return;
    std::vector<std::string_view> found;
    std::vector<std::string> expired;
    for (const auto& [key, entry] : call.keyspace().entries()) {
        if (options.pattern && !glob_match(*options.pattern, key)) continue;
        if (entry.expired(call.now)) expired.push_back(key);
        else if (!options.type || *options.type == type_name(entry.value)) found.push_back(key);
    }
    for (const std::string& key : expired) call.find(key);  // which deletes it, unlike KEYS
    // COUNT is a hint: everything fits into one page.
    call.reply.array(2);
    call.reply.bulk("0");
    call.reply.array(found.size());
    for (std::string_view key : found) call.reply.bulk(key);
}

void ServerCommands::flush(Call& call, bool all) {
    if (call.size() > 2 || (call.size() == 2 && !equal_ignoring_case(call.argument(1), "SYNC") &&
                            !equal_ignoring_case(call.argument(1), "ASYNC")))
        return call.reply.error(errors::syntax);
    for (int database = 0; database < Engine::databases; ++database) {
        if (!all && database != call.session.database) continue;
        call.engine.touch_watchers_of_all(database);
        call.engine.keyspaces_[database].clear();
    }
    ++call.changes;
    call.reply.ok();
}

void ServerCommands::role(Call& call) {
    const ReplicationView& view = call.engine.replication_;
    if (view.replica) {
        constexpr std::string_view links[] = {"connect", "connecting", "sync", "connected"};
        const bool connected = view.link == ReplicationView::Link::connected;
        call.reply.array(5);
        call.reply.bulk("slave");
        call.reply.bulk(view.master.host);
        call.reply.integer(view.master.port);
        call.reply.bulk(links[static_cast<std::size_t>(view.link)]);
        call.reply.integer(connected ? view.offset : -1);
        return;
    }
    call.reply.array(3);
    call.reply.bulk("master");
    call.reply.integer(view.offset);
    call.reply.array(view.replicas.size());
    for (const ReplicaStatus& replica : view.replicas) {
        call.reply.array(3);
        call.reply.bulk(replica.endpoint.host);
        call.reply.bulk(std::to_string(replica.endpoint.port));
        call.reply.bulk(std::to_string(replica.acknowledged));
    }
}

void ServerCommands::replicaof(Call& call) {
    const ReplicationView& view = call.engine.replication_;
    if (equal_ignoring_case(call.argument(1), "NO") &&
        equal_ignoring_case(call.argument(2), "ONE")) {
        if (view.replica) call.engine.supervisor_.follow(nullptr);
        return call.reply.ok();
    }
    const auto port = parse_integer(call.argument(2));
    if (!port || *port < 0 || *port > 65535) return call.reply.error("ERR Invalid master port");
    const Endpoint master{std::string(call.argument(1)), static_cast<std::uint16_t>(*port), {}};
    if (view.replica && view.master == master)
        return call.reply.status("OK Already connected to specified master");
    call.engine.supervisor_.follow(&master);
    call.reply.ok();
}

void ServerCommands::config_rewrite(Call& call) {
    call.engine.supervisor_.write_config();
    call.reply.ok();
}

void ServerCommands::wait(Call& call) {
    const ReplicationView& view = call.engine.replication_;
    if (view.replica)
        return call.reply.error(
            "ERR WAIT cannot be used with replica instances. Please also note that since Redis 4.0 "
            "if a replica is configured to be writable (which is not the default) writes to "
            "replicas are just local and are not propagated.");
    const auto replicas = call.integer(1);
    if (!replicas) return;
    const auto timeout = parse_integer(call.argument(2));
    if (!timeout) return call.reply.error("ERR timeout is not an integer or out of range");
    if (*timeout < 0) return call.reply.error("ERR timeout is negative");
    const std::size_t acknowledged = view.replicas_at(call.session.last_write_offset);
    if (static_cast<std::int64_t>(acknowledged) >= *replicas || call.session.executing)
        return call.reply.integer(static_cast<std::int64_t>(acknowledged));
    call.session.wait = ReplicaWait{static_cast<std::size_t>(*replicas), *timeout};
}

namespace commands {

void dbsize(Call& call) {
    call.reply.integer(static_cast<std::int64_t>(call.keyspace().size()));
}

void flushdb(Call& call) { ServerCommands::flush(call, false); }
void flushall(Call& call) { ServerCommands::flush(call, true); }

void time(Call& call) {
    call.reply.array(2);
    call.reply.bulk(std::to_string(call.now / 1000));
    call.reply.bulk(std::to_string(call.now % 1000 * 1000));
}

void config_get(Call& call) {
    const EngineOptions& options = call.engine.options();
    const std::pair<std::string_view, std::string> settings[] = {
        {"appendfsync", std::string(options.append_fsync)},
        {"appendonly", options.persistent ? "yes" : "no"},
        {"databases", std::to_string(Engine::databases)},
        {"maxmemory", std::to_string(options.keys_max)},
        {"maxmemory-policy", std::string(name_of(options.eviction))},
        {"min-replicas-to-write", std::to_string(options.min_replicas_to_write)},
        {"min-replicas-max-lag", std::to_string(options.min_replicas_max_lag_ms / 1000)},
        {"port", std::to_string(options.port)},
        {"requirepass", options.password},
        {"save", ""},
        {"timeout", "0"}};
    std::vector<const std::pair<std::string_view, std::string>*> found;
    for (const auto& setting : settings)
        for (std::string_view pattern : call.arguments.subspan(2))
            if (glob_match(lower(pattern), setting.first)) {
                found.push_back(&setting);
                break;
            }
    call.reply.map(found.size());
    for (const auto* setting : found) {
        call.reply.bulk(setting->first);
        call.reply.bulk(setting->second);
    }
}

void command_count(Call& call) {
    std::int64_t count = 0;
    for (const Command& command : command_table())
        count += command.name.find('|') == std::string_view::npos ? 1 : 0;
    call.reply.integer(count);
}

/// Clients ask for hints only: an empty list is what they must cope with on any old server.
void command_docs(Call& call) { call.reply.map(0); }

namespace {

void describe(Call& call, const Command& command) {
    call.reply.array(6);
    call.reply.bulk(command.name);
    call.reply.integer(command.arity);
    call.reply.set(1);
    call.reply.status(command.is(command_flag::write) ? "write" : "readonly");
    call.reply.integer(command.first_key);
    call.reply.integer(command.last_key);
    call.reply.integer(command.key_step);
}

}  // namespace

void command_info(Call& call) {
    call.reply.array(call.size() - 2);
    for (std::string_view name : call.arguments.subspan(2)) {
        const Command* command = find_command(name);
        if (command) describe(call, *command);
        else call.reply.null_array();
    }
}

void command_list(Call& call) {
    std::vector<const Command*> listed;
    for (const Command& command : command_table())
        if (command.name.find('|') == std::string_view::npos) listed.push_back(&command);
    call.reply.array(listed.size());
    for (const Command* command : listed) describe(call, *command);
}

void psync(Call& call) {
    const auto offset = call.integer(2);
    if (offset) call.session.sync = PartialSync{std::string(call.argument(1)), *offset};
}

void replconf(Call& call) {
    if (call.size() % 2 == 0) return call.reply.error(errors::syntax);
    for (std::size_t at = 1; at < call.size(); at += 2) {
        const std::string_view option = call.argument(at);
        const auto number = parse_integer(call.argument(at + 1));
        // An ACK is never answered: it travels against the stream.
        if (equal_ignoring_case(option, "ACK")) {
            call.session.acknowledged = number;
            return;
        }
        if (equal_ignoring_case(option, "GETACK")) return;
        if (equal_ignoring_case(option, "listening-port")) {
            if (!number) return call.reply.error(errors::not_an_integer);
            call.session.replica_port = static_cast<std::uint16_t>(*number);
        } else if (equal_ignoring_case(option, "ip-address")) {
            call.session.replica_host = call.argument(at + 1);
        } else if (!equal_ignoring_case(option, "capa")) {
            return call.reply.error("ERR Unrecognized REPLCONF option: " + std::string(option));
        }
    }
    call.reply.ok();
}

}  // namespace commands

}  // namespace conclave::servers::redis
