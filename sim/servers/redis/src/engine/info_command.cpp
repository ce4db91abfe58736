// INFO: the fields that clients, tooz and Sentinel read. CPU figures are not modelled, nor are
// those of memory but its limit. Source: genRedisInfoString() in server.c of Redis 7.0.15.

#include <string>

#include "engine/server_commands.hpp"
#include "engine/text.hpp"

namespace conclave::servers::redis {

namespace {

void field(std::string& text, std::string_view name, std::string_view value) {
    text += name;
    text += ':';
    text += value;
    text += "\r\n";
}

void field(std::string& text, std::string_view name, std::int64_t value) {
    field(text, name, std::string_view(std::to_string(value)));
}

void server_section(std::string& text, const EngineOptions& options) {
    text += "# Server\r\n";
    field(text, "redis_version", "7.0.15");
    field(text, "redis_mode", "standalone");
    field(text, "os", "model");
    field(text, "arch_bits", 64);
    field(text, "run_id", options.run_id);
    field(text, "tcp_port", options.port);
}

void replica_fields(std::string& text, const ReplicationView& view, const EngineOptions& options,
                    std::int64_t now) {
    const bool up = view.link == ReplicationView::Link::connected;
    field(text, "role", "slave");
    field(text, "master_host", view.master.host);
    field(text, "master_port", view.master.port);
    field(text, "master_link_status", up ? "up" : "down");
    field(text, "master_last_io_seconds_ago", up ? (now - view.last_heard) / 1000 : -1);
    field(text, "master_sync_in_progress", view.link == ReplicationView::Link::sync ? 1 : 0);
    field(text, "slave_read_repl_offset", view.offset);
    field(text, "slave_repl_offset", view.offset);
    if (!up)
        field(text, "master_link_down_since_seconds",
              view.link_down_since == 0 ? -1 : (now - view.link_down_since) / 1000);
    field(text, "slave_priority", options.priority);
    field(text, "slave_read_only", 1);
    field(text, "replica_announced", 1);
}

void replication_section(std::string& text, const ReplicationView& view,
                         const EngineOptions& options, std::int64_t now) {
    text += "# Replication\r\n";
    if (view.replica) replica_fields(text, view, options, now);
    else field(text, "role", "master");
    field(text, "connected_slaves", static_cast<std::int64_t>(view.replicas.size()));
    if (options.min_replicas_to_write != 0)
        field(text, "min_slaves_good_slaves",
              static_cast<std::int64_t>(
                  view.good_replicas(now, options.min_replicas_max_lag_ms)));
    for (std::size_t i = 0; i < view.replicas.size(); ++i) {
        const ReplicaStatus& replica = view.replicas[i];
        field(text, "slave" + std::to_string(i),
              "ip=" + replica.endpoint.host + ",port=" + std::to_string(replica.endpoint.port) +
                  ",state=" + (replica.online ? "online" : "wait_bgsave") +
                  ",offset=" + std::to_string(replica.acknowledged) +
                  ",lag=" + std::to_string((now - replica.acknowledged_at) / 1000));
    }
    field(text, "master_failover_state", "no-failover");
    field(text, "master_replid", view.id);
    field(text, "master_replid2", view.second_id);
    field(text, "master_repl_offset", view.offset);
    field(text, "second_repl_offset", view.second_offset);
    field(text, "repl_backlog_active", view.backlog ? 1 : 0);
    field(text, "repl_backlog_size", 1'048'576);
    field(text, "repl_backlog_first_byte_offset", view.backlog ? view.backlog_start + 1 : 0);
    field(text, "repl_backlog_histlen", view.backlog_size);
}

/// Whether INFO was asked for `section`: by name, or by no name at all.
bool wanted(const Call& call, std::string_view section) {
    if (call.size() == 1) return true;
    for (std::string_view word : call.arguments.subspan(1))
        if (equal_ignoring_case(word, section) || equal_ignoring_case(word, "all") ||
            equal_ignoring_case(word, "default") || equal_ignoring_case(word, "everything"))
            return true;
    return false;
}

}  // namespace

void ServerCommands::info(Call& call) {
    const Engine& engine = call.engine;
    std::string text;
    const auto next = [&](std::string_view section) {
        if (!wanted(call, section)) return false;
        if (!text.empty()) text += "\r\n";
        return true;
    };
    if (next("server")) server_section(text, engine.options_);
    if (next("clients")) {
        text += "# Clients\r\n";
        field(text, "connected_clients", static_cast<std::int64_t>(engine.sessions_.size()));
        field(text, "blocked_clients", 0);
    }
    if (next("memory")) {
        text += "# Memory\r\n";
        field(text, "maxmemory", static_cast<std::int64_t>(engine.options_.keys_max));
        field(text, "maxmemory_policy", name_of(engine.options_.eviction));
    }
    if (next("persistence")) {
        text += "# Persistence\r\n";
        field(text, "loading", 0);
        field(text, "aof_enabled", engine.options_.persistent ? 1 : 0);
    }
    if (next("stats")) {
        text += "# Stats\r\n";
        field(text, "total_connections_received",
              static_cast<std::int64_t>(engine.connections_received_));
        field(text, "total_commands_processed",
              static_cast<std::int64_t>(engine.commands_processed_));
        field(text, "expired_keys", static_cast<std::int64_t>(engine.expired_keys_));
        field(text, "evicted_keys", static_cast<std::int64_t>(engine.evicted_keys_));
    }
    if (next("replication"))
        replication_section(text, engine.replication_, engine.options_, call.now);
    if (next("cluster")) {
        text += "# Cluster\r\n";
        field(text, "cluster_enabled", 0);
    }
    if (next("keyspace")) {
        text += "# Keyspace\r\n";
        for (int i = 0; i < Engine::databases; ++i) {
            const Keyspace& keyspace = engine.keyspaces_[i];
            if (keyspace.size() == 0) continue;
            field(text, "db" + std::to_string(i),
                  "keys=" + std::to_string(keyspace.size()) +
                      ",expires=" + std::to_string(keyspace.volatile_keys()) + ",avg_ttl=0");
        }
    }
    call.reply.verbatim(text);
}

}  // namespace conclave::servers::redis
