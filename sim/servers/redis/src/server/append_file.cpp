// The append-only file. Source: aof.c of Redis 7.0.15.

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
    while (reader.next(arguments) == RequestReader::Next::request) {
        engine.execute(loader, arguments, now);
        loader.output.clear();
    }
    engine.disconnected(loader);
    if (!disk->file.empty()) report("redis.append_file_loaded", "restarted with data");
    if (engine.volatile_keys() != 0) expiry_set.set();
}

void ServerState::append(std::string_view bytes) {
    if (options.append_fsync == AppendFsync::off) return;
    disk->file += bytes;
    if (disk->file.size() > rewrite_bytes) {
        // A rewrite is synced and then takes the file's place in one step.
        std::string snapshot = engine.snapshot();
        if (snapshot.size() < disk->file.size() / 2) {
            disk->file = std::move(snapshot);
            disk->durable = disk->file.size();
            engine.forget_stream_database();
        }
    }
    if (options.append_fsync == AppendFsync::always) disk->durable = disk->file.size();
    else unsynced.set();
}

void ServerState::sync_every_second() {
    while (unsynced.wait(Deadline::never()) == Wake::notified) {
        if (!sleep_for(runtime, 1s)) return;
        unsynced.reset();
        disk->durable = disk->file.size();
    }
}

}  // namespace conclave::servers::redis
