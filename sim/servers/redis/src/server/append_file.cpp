// The append-only file. Source: aof.c of Redis 7.0.15.

#include <algorithm>
#include <string>

#include "server/request_reader.hpp"
#include "server/server_state.hpp"

namespace conclave::servers::redis {

using namespace std::chrono_literals;

namespace {
constexpr std::size_t rewrite_bytes = 64 * 1024 * 1024;  // auto-aof-rewrite-min-size
}

void ServerState::load_file() {
    if (options.append_fsync == AppendFsync::off) return;
    Session loader;
    loader.kind = Session::Kind::master;  // nothing is refused and nothing expires while loading
    engine.connected(loader);
    const std::int64_t now = wall_ms();
    RequestReader reader;
    reader.feed(disk->file);
    Arguments arguments;
    std::size_t whole = 0;
    while (reader.next(arguments) == RequestReader::Next::request) {
        engine.execute(loader, arguments, now);
        loader.output.clear();
        // What a transaction did counts with its EXEC.
        if (!loader.transaction) whole = disk->file.size() - reader.buffered();
    }
    cut_torn_end(whole);
    engine.disconnected(loader);
    if (!disk->file.empty()) report("redis.append_file_loaded", "restarted with data");
    if (engine.volatile_keys() != 0) expiry_set.set();
}

/// aof-load-truncated: the last write may have been torn by a power loss.
void ServerState::cut_torn_end(std::size_t whole) {
    if (whole == disk->file.size()) return;
    report("redis.append_file_truncated",
           std::to_string(disk->file.size() - whole) + " bytes of a torn write");
    disk->file.resize(whole);
    disk->durable = std::min(disk->durable, whole);
}

void ServerState::append(std::string_view bytes) {
    if (options.append_fsync == AppendFsync::off) return;
    unwritten += bytes;
    write_file();
}

/// What a full disk does not take stays in memory and is tried again each second. With "always"
/// nothing may be acknowledged that is not in the file, and a replica may not go on without its
/// master's writes: their processes end.
void ServerState::write_file() {
    if (unwritten.empty()) return;
    engine.set_file_error(disk->full);
    if (disk->full) {
        report("redis.append_file_error", "no space left on the disk");
        if (options.append_fsync == AppendFsync::always || engine.replication().replica)
            return stop_serving();
        return write_failed.set();
    }
    disk->file += unwritten;
    unwritten.clear();
    rewrite_file();
    if (options.append_fsync == AppendFsync::always) disk->durable = disk->file.size();
    else unsynced.set();
}

/// A rewrite is synced and then takes the file's place in one step.
void ServerState::rewrite_file() {
    if (disk->file.size() <= rewrite_bytes) return;
    std::string snapshot = engine.snapshot();
    if (snapshot.size() >= disk->file.size() / 2) return;
    disk->file = std::move(snapshot);
    disk->durable = disk->file.size();
    engine.forget_stream_database();
}

void ServerState::retry_writes() {
    while (write_failed.wait(Deadline::never()) == Wake::notified) {
        if (!sleep_for(runtime, 1s)) return;
        write_failed.reset();
        write_file();
    }
}

void ServerState::sync_every_second() {
    while (unsynced.wait(Deadline::never()) == Wake::notified) {
        if (!sleep_for(runtime, 1s)) return;
        unsynced.reset();
        disk->durable = disk->file.size();
    }
}

}  // namespace conclave::servers::redis
