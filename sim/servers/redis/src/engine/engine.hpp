#pragma once

// The command engine of a simulated Redis 7.0.15: state x command x wall-clock now -> reply bytes and
// a replication stream. Pure: no clock, no network, no randomness. Called by the connection layer and
// compared byte for byte with the real server by tests/conformance. Single-threaded per Runtime.
//
// Modelled: the commands of command_table.cpp over strings, hashes and sets; transactions; expiry;
// pub/sub, also from scripts; the scripts of scripts.cpp and python_scripts.cpp, recognised by their
// SHA-1; eviction counted in keys.
// Not modelled: other commands and scripts (refused with "ERR unsupported by the model"), memory
// sizes, keyspace notifications, SCAN paging (one page), patterns and command rules of ACLs.

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/eviction.hpp"
#include "engine/expired_key.hpp"
#include "engine/keyspace.hpp"
#include "engine/replication_view.hpp"
#include "engine/session.hpp"

namespace conclave::servers::redis {

using Arguments = std::span<const std::string_view>;
struct Call;
struct Command;

struct EngineOptions {
    std::uint16_t port = 6379;                 ///< told by INFO
    std::string run_id = std::string(40, '0');  ///< told by INFO; unique to one incarnation
    std::string password;                      ///< of the default user; empty: none needed
    std::map<std::string, std::string> users;  ///< further users, all-powerful, with passwords
    std::size_t keys_max = 0;                  ///< stands for maxmemory; 0 is unlimited
    Eviction eviction = Eviction::noeviction;
    std::size_t min_replicas_to_write = 0;
    std::int64_t min_replicas_max_lag_ms = 10'000;
    int priority = 100;                        ///< replica-priority, read by Sentinel
    bool persistent = false;                   ///< an append-only file is kept
    std::string_view append_fsync = "everysec";  ///< told by CONFIG GET
    bool sentinel = false;                     ///< HELLO tells that this is no server of data
};

/// What commands ask of the layers around the engine. Called inside execute(); must not re-enter.
class Supervisor {
public:
    virtual ~Supervisor() = default;
    /// REPLICAOF: follow `master`, or nobody when null.
    virtual void follow(const Endpoint* master) = 0;
    /// CONFIG REWRITE: the role in force is kept over a restart.
    virtual void write_config() = 0;
    /// CLIENT KILL: the session's connection must be closed.
    virtual void kill(Session& session) = 0;
    virtual void wake(Session& session) = 0;  ///< output was added; it is not the one executing
    /// CLIENT PAUSE: commands (or writes only) wait until this wall time in ms; 0 ends the pause.
    virtual void pause(std::int64_t until, bool writes_only) = 0;
    virtual void expired(const ExpiredKey&) {}  ///< a ttl has run out; the key is deleted next
    virtual bool kill_script() { return false; }  ///< SCRIPT KILL: false when none runs
    /// Data has changed; `words` is what replicas are sent. Only while the stream is on.
    virtual void changed(int, std::span<const std::string_view>) {}
};

class Engine {
public:
    static constexpr int databases = 16;

    Engine(EngineOptions options, Supervisor& supervisor);

    void connected(Session& session);
    void disconnected(Session& session);

    /// Runs one command at wall time `now`, unix milliseconds; appends the reply to session.output.
    void execute(Session& session, Arguments arguments, std::int64_t now);
    /// Whether a paused server would have to hold this command back.
    bool may_write(const Session& session, Arguments arguments) const;

    /// Deletes keys that have expired, as the active cycle does; does nothing on a replica.
    void expire_keys(std::int64_t now);
    std::int64_t earliest_expiry() const noexcept;
    std::size_t volatile_keys() const noexcept;

    /// Turns the replication stream on: stream() must then be drained after each call.
    void feed(bool on) noexcept { feeding_ = on; }
    std::string& stream() noexcept { return stream_; }
    /// The next command in the stream is preceded by a SELECT.
    void forget_stream_database() noexcept { stream_database_ = -1; }
    /// The data set as commands that build it.
    std::string snapshot() const;
    /// The entry of `key`, expired or not; for a look from outside.
    const Entry* peek(int database, std::string_view key) const;
    /// Empties every database without telling watchers or replicas: before a snapshot is loaded.
    void clear_data() noexcept;

    /// The append-only file cannot be written: writes and PING are refused.
    void set_file_error(bool error) noexcept { file_error_ = error; }
    void set_script_running(bool running) noexcept { script_running_ = running; }  ///< BUSY

    ReplicationView& replication() noexcept { return replication_; }
    const EngineOptions& options() const noexcept { return options_; }
    std::uint64_t evicted_keys() const noexcept { return evicted_keys_; }

private:
    friend struct Call;
    friend class PubSubCommands;
    friend class ScriptRun;
    friend struct ServerCommands;

    /// Why the command may not run; empty when it may.
    std::string refusal(const Call& call);
    std::string_view refusal_of_data(const Call& call, bool grows, bool writes);
    std::string_view refusal_in_script(const Call& call);
    void refuse(Call& call, std::string_view text);
    void forget_transaction(Session& session);
    void run(Call& call);
    void queue(Call& call);
    void finish(Session& session);
    bool make_room();
    bool evict_one();
    void touch_watchers(int database, std::string_view key);
    void touch_watchers_of_all(int database);
    void delete_expired(int database, const std::string& key, Expiry expiry, std::int64_t now);
    void propagate(int database, Arguments words);

    EngineOptions options_;
    Supervisor& supervisor_;
    Keyspace keyspaces_[databases];
    ReplicationView replication_;
    std::map<std::uint64_t, Session*> sessions_;
    std::vector<Session*> watchers_;
    std::map<std::string, std::vector<Session*>, std::less<>> channels_;
    std::map<std::string, std::vector<Session*>, std::less<>> patterns_;
    std::set<std::string, std::less<>> cached_scripts_;
    std::string stream_;
    std::string pending_;              ///< effects of the command being executed
    std::size_t pending_commands_ = 0;
    int stream_database_ = -1;
    bool feeding_ = false;
    bool file_error_ = false, script_running_ = false;
    std::uint64_t uses_ = 0;
    std::uint64_t evicted_keys_ = 0;
    std::uint64_t expired_keys_ = 0;
    std::uint64_t commands_processed_ = 0;
    std::uint64_t connections_received_ = 0;
};

}  // namespace conclave::servers::redis
