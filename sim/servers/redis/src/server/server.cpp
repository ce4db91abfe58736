#include "conclave/servers/redis/server.hpp"

#include <algorithm>
#include <utility>

#include "conclave/error.hpp"
#include "server/server_state.hpp"

namespace conclave::servers::redis {

using namespace std::chrono_literals;

namespace {

Eviction eviction(EvictionPolicy policy) {
    if (policy == EvictionPolicy::allkeys_lru) return Eviction::allkeys_lru;
    if (policy == EvictionPolicy::volatile_lru) return Eviction::volatile_lru;
    return Eviction::noeviction;
}

std::string hexadecimal_id(Random& random) {
    std::string id;
    while (id.size() < 40)
        for (std::uint64_t bits = random.next(), i = 0; i < 10; ++i, bits >>= 4)
            id += "0123456789abcdef"[bits & 15];
    return id;
}

std::string_view name_of(AppendFsync policy) {
    switch (policy) {
        case AppendFsync::always: return "always";
        case AppendFsync::no: return "no";
        default: return "everysec";  // the default of a server that keeps no file, too
    }
}

EngineOptions engine_options(Runtime& runtime, const ServerOptions& options) {
    EngineOptions result;
    result.port = options.port;
    result.run_id = hexadecimal_id(runtime.random);
    result.password = options.password;
    result.users = options.users;
    result.keys_max = options.keys_max;
    result.eviction = eviction(options.eviction);
    result.min_replicas_to_write = options.min_replicas_to_write;
    result.min_replicas_max_lag_ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(options.min_replicas_max_lag).count();
    result.priority = options.replica_priority;
    result.persistent = options.append_fsync != AppendFsync::off;
    result.append_fsync = name_of(options.append_fsync);
    return result;
}

}  // namespace

struct Server::State : ServerState {
    using ServerState::ServerState;
};

Server::Server(Runtime& runtime, ServerOptions options, std::shared_ptr<Disk> disk)
    : state_(std::make_unique<State>(runtime, std::move(options), std::move(disk))) {}
Server::~Server() = default;
void Server::run() { state_->run(); }
void Server::run(Listener& listener) { state_->run(listener); }
std::optional<Server::Peek> Server::peek(std::string_view key) const {
    const std::int64_t now = state_->wall_ms();
    const Entry* const entry = state_->engine.peek(0, key);
    if (!entry || entry->expired(now)) return std::nullopt;
    const std::string* const text = std::get_if<std::string>(&entry->value);
    if (!text) return std::nullopt;
    Peek peek{*text, {}};
    if (entry->volatile_key()) peek.time_to_live = std::chrono::milliseconds(entry->expires_at - now);
    return peek;
}

void Server::occupy(Duration length) { state_->occupy(length); }
void Server::crowd(Duration length) { state_->crowd(length); }
void Server::leave_alone() noexcept { state_->leave_alone(); }

bool Server::is_loaded() const noexcept { return state_->loaded; }
bool Server::is_master() const noexcept { return !state_->engine.replication().replica; }

ServerState::ServerState(Runtime& the_runtime, ServerOptions the_options,
                         std::shared_ptr<Disk> the_disk)
    : runtime(the_runtime),
      options(std::move(the_options)),
      disk(std::move(the_disk)),
      engine(engine_options(the_runtime, options), *this),
      write_failed(the_runtime.scheduler),
      unsynced(the_runtime.scheduler),
      expiry_set(the_runtime.scheduler),
      has_replicas(the_runtime.scheduler),
      acknowledged(the_runtime.scheduler),
      pause_over(the_runtime.scheduler),
      script_over(the_runtime.scheduler),
      tasks(the_runtime.scheduler) {
    engine.replication().id = new_id();
    if (!disk) disk = std::make_shared<Disk>();
}

std::string ServerState::new_id() { return hexadecimal_id(runtime.random); }

void ServerState::report(std::string_view name, std::string_view detail) const noexcept {
    runtime.observer.event({Event::Severity::info, "redis.server", name, detail});
}

void ServerState::run() {
    Listening port = runtime.network.listen({options.host, options.port, {}});
    if (port.status != IoStatus::ok)
        throw ConnectionError("redis model cannot listen on " + options.host + ":" +
                              std::to_string(options.port) + ": " + port.detail);
    run(*port.listener);
}

void ServerState::run(Listener& listener) {
    listening = &listener;
    load_file();
    loaded = true;
    const bool rewritten = disk && disk->config;
    const std::optional<Endpoint> master =
        rewritten ? disk->config->replica_of : options.replica_of;
    if (master) follow(&*master);
    update_feeding();
    tasks.spawn([this] { expire_actively(); });
    tasks.spawn([this] { ping_replicas(); });
    if (options.append_fsync == AppendFsync::everysec)
        tasks.spawn([this] { sync_every_second(); });
    if (options.append_fsync != AppendFsync::off) tasks.spawn([this] { retry_writes(); });
    while (true) {
        Connected accepted = listener.accept(Deadline::never());
        if (accepted.status == IoStatus::cancelled || accepted.status == IoStatus::closed) break;
        if (accepted.status != IoStatus::ok) continue;
        if (!wait_for_script(options.busy_reply_threshold)) break;
        if (refuse_crowded(*accepted.connection)) continue;
        auto client = std::make_shared<Client>(*this, std::move(accepted.connection));
        tasks.spawn([client] { client->serve(client); });
    }
    listener.close();
    for (const auto& [id, client] : clients) client->close();
    tasks.cancel();
    tasks.join();
}

void ServerState::stop_serving() {
    for (const auto& [id, client] : clients) client->close();
    if (listening) listening->close();
}

void ServerState::write_config() {
    const ReplicationView& view = engine.replication();
    if (disk) disk->config = {view.replica ? std::optional(view.master) : std::nullopt};
}

void ServerState::kill(Session& session) {
    // The link to a master is not among the clients: CLIENT KILL TYPE master is not modelled.
    if (const auto found = clients.find(session.id); found != clients.end())
        found->second->close();
}

void ServerState::wake(Session& session) {
    if (const auto found = clients.find(session.id); found != clients.end())
        found->second->output_added();
}

void ServerState::expired(const ExpiredKey& expired) {
    report(expired.expiry == Expiry::lazy ? "redis.lazy_expiry" : "redis.active_expiry",
           std::to_string(expired.late_ms) + " ms late: " + std::string(expired.key));
    if (!options.on_expired || expired.database != 0) return;
    const Entry* const entry = engine.peek(expired.database, expired.key);
    const std::string* const text = entry ? std::get_if<std::string>(&entry->value) : nullptr;
    options.on_expired(expired.key, text ? *text : std::string_view());
}

void ServerState::changed(int database, Arguments words) {
    if (options.on_changed && database == 0) options.on_changed(words);
}

void ServerState::pause(std::int64_t until, bool writes_only) {
    paused_until = until;
    pause_writes_only = writes_only;
    pause_over.notify_all();
}

void ServerState::wait_while_paused(const Session& session, Arguments arguments) {
    if (session.kind == Session::Kind::replica) return;
    for (std::int64_t now = wall_ms(); paused_until > now; now = wall_ms()) {
        if (pause_writes_only && !engine.may_write(session, arguments)) return;
        const auto left = std::chrono::milliseconds(paused_until - now);
        if (pause_over.wait(runtime.after(left)) == Wake::cancelled) return;
    }
}

void ServerState::update_feeding() {
    const ReplicationView& view = engine.replication();
    engine.feed(!view.replica && (view.backlog || options.append_fsync != AppendFsync::off));
}

void ServerState::absorb_stream() {
    if (engine.volatile_keys() != 0) expiry_set.set();
    if (engine.evicted_keys() != evictions_reported) {
        evictions_reported = engine.evicted_keys();
        report("redis.eviction", "the least recently used key made room");
    }
    std::string& stream = engine.stream();
    if (stream.empty()) return;
    append(stream);
    if (engine.replication().backlog) send_to_replicas(stream);
    stream.clear();
}

void ServerState::expire_actively() {
    // Ticks only while some key can expire: just after the earliest expiry, as the real cycle that
    // runs ten times a second does, and each second in case that the wall clock was set.
    while (expiry_set.wait(Deadline::never()) == Wake::notified) {
        if (engine.volatile_keys() == 0 || engine.replication().replica) {
            expiry_set.reset();
            continue;
        }
        const std::int64_t left = engine.earliest_expiry() + 100 - wall_ms();
        const auto length = std::chrono::milliseconds(std::clamp<std::int64_t>(left, 1, 1000));
        if (!sleep_for(runtime, length) || !wait_for_script()) return;
        engine.expire_keys(wall_ms());
        absorb_stream();
    }
}

}  // namespace conclave::servers::redis
