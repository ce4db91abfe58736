// Replication as a master sees it: the backlog, synchronisation of replicas, acknowledgements, WAIT.
// Source: replication.c of Redis 7.0.15.

#include <algorithm>

#include "engine/reply_writer.hpp"
#include "server/server_state.hpp"

namespace conclave::servers::redis {

using namespace std::chrono_literals;

namespace {
constexpr std::size_t backlog_bytes_max = 1024 * 1024;  // repl-backlog-size
constexpr Duration ping_period = 10s;                   // repl-ping-replica-period
constexpr std::string_view ping = "*1\r\n$4\r\nPING\r\n";
constexpr std::string_view ask_acknowledgement =
    "*3\r\n$8\r\nREPLCONF\r\n$6\r\nGETACK\r\n$1\r\n*\r\n";
}  // namespace

void ServerState::send_to_replicas(std::string_view bytes) {
    ReplicationView& view = engine.replication();
    backlog += bytes;
    // Trimmed in large steps: the real ring buffer forgets a byte at a time, which only makes fewer
    // partial resynchronisations possible.
    if (backlog.size() > 2 * backlog_bytes_max) backlog.erase(0, backlog.size() - backlog_bytes_max);
    view.backlog_size = static_cast<std::int64_t>(backlog.size());
    view.backlog_start = view.offset - view.backlog_size;
    for (const ReplicaStatus& replica : view.replicas) {
        const auto found = clients.find(replica.session);
        if (found == clients.end()) continue;
        found->second->session.output += bytes;
        found->second->output_added();
    }
}

void ServerState::feed(std::string_view bytes) {
    engine.replication().offset += static_cast<std::int64_t>(bytes.size());
    send_to_replicas(bytes);
}

void ServerState::synchronise_replica(const std::shared_ptr<Client>& client) {
    Session& session = client->session;
    ReplicationView& view = engine.replication();
    const PartialSync sync = *session.sync;
    session.sync.reset();
    ReplyWriter reply(session.output, session.protocol);
    if (view.replica && view.link != ReplicationView::Link::connected)
        return reply.error("NOMASTERLINK Can't SYNC while not connected with my master");
    if (!view.backlog) {
        // A new backlog means a new history: nobody can have seen part of it.
        view.id = new_id();
        view.second_id = std::string(40, '0');
        view.second_offset = -1;
        view.backlog = true;
        backlog.clear();
        view.backlog_start = view.offset;
        update_feeding();
    }
    const bool known = sync.replication_id == view.id ||
                       (sync.replication_id == view.second_id && sync.offset <= view.second_offset);
    const bool kept = sync.offset > view.backlog_start && sync.offset <= view.offset + 1;
    if (known && kept) {
        reply.status("CONTINUE " + view.id);
        session.output += std::string_view(backlog).substr(
            static_cast<std::size_t>(sync.offset - view.backlog_start - 1));
        report("redis.partial_resync", session.replica_host);
    } else {
        reply.status("FULLRESYNC " + view.id + " " + std::to_string(view.offset));
        const std::string snapshot = engine.snapshot();
        session.output += "$" + std::to_string(snapshot.size()) + "\r\n" + snapshot;
        engine.forget_stream_database();
        report("redis.full_resync", session.replica_host);
    }
    session.kind = Session::Kind::replica;
    ReplicaStatus status;
    status.session = session.id;
    status.endpoint = {session.replica_host, session.replica_port, {}};
    status.acknowledged_at = wall_ms();
    view.replicas.push_back(status);
    client->start_pushing(client);
    has_replicas.set();
}

void ServerState::acknowledge(Session& session) {
    for (ReplicaStatus& replica : engine.replication().replicas) {
        if (replica.session != session.id) continue;
        replica.acknowledged = std::max(replica.acknowledged, *session.acknowledged);
        replica.acknowledged_at = wall_ms();
        replica.online = true;
    }
    session.acknowledged.reset();
    acknowledged.notify_all();
}

void ServerState::replica_gone(const Session& session) {
    std::erase_if(engine.replication().replicas,
                  [&](const ReplicaStatus& replica) { return replica.session == session.id; });
}

void ServerState::drop_replicas() {
    for (const ReplicaStatus& replica : engine.replication().replicas)
        if (const auto found = clients.find(replica.session); found != clients.end())
            found->second->close();
    engine.replication().replicas.clear();
}

void ServerState::ping_replicas() {
    while (has_replicas.wait(Deadline::never()) == Wake::notified) {
        if (!sleep_for(runtime, ping_period) || !wait_for_script()) return;
        const ReplicationView& view = engine.replication();
        if (view.replicas.empty()) has_replicas.reset();
        else if (!view.replica) feed(ping);
    }
}

bool ServerState::wait_for_replicas(Session& session) {
    const ReplicaWait wait = *session.wait;
    session.wait.reset();
    const ReplicationView& view = engine.replication();
    const std::int64_t target = session.last_write_offset;
    if (!view.replicas.empty()) feed(ask_acknowledgement);
    const Deadline deadline = wait.timeout_ms == 0
                                  ? Deadline::never()
                                  : runtime.after(std::chrono::milliseconds(wait.timeout_ms));
    Wake wake = Wake::notified;
    while (wake == Wake::notified && !view.replica && view.replicas_at(target) < wait.replicas)
        wake = acknowledged.wait(deadline);
    if (wake == Wake::cancelled || !wait_for_script()) return false;
    if (wake == Wake::timed_out) report("redis.wait_timed_out", session.replica_host);
    ReplyWriter reply(session.output, session.protocol);
    if (view.replica)
        reply.error("UNBLOCKED force unblock from blocking operation, instance state changed "
                    "(master -> replica?)");
    else reply.integer(static_cast<std::int64_t>(view.replicas_at(target)));
    return true;
}

}  // namespace conclave::servers::redis
