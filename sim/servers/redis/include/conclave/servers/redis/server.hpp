#pragma once

// A simulated redis-server 7.0.15 over Runtime: one command engine, an append-only file, asynchronous
// replication in both roles, and the connections of its clients. It runs in the simulator and, over
// AsioRuntime, on real ports. Single-threaded per Runtime.
//
// Modelled: what engine.hpp lists; partial and full resynchronisation, replication ids, the backlog,
// acknowledgements, WAIT, min-replicas, replicas that hide but never delete expired keys; the
// append-only file with its three fsync policies, a torn end and a full disk; CLIENT KILL and PAUSE;
// messages of pub/sub as they are published, also by scripts, and to the subscribers of replicas; a
// script of somebody else's that runs for long (nothing is answered or expires at first, then others
// are told -BUSY, but for what COMMAND calls allow_busy, until it ends or SCRIPT KILL ends it), and
// maxclients.
// Not modelled: RDB files (a snapshot is sent as commands, at once, without the delay of a diskless
// fork), diskless replication delay, client time-outs, ACL rules, replica-serve-stale-data no, a
// slow disk (an fsync takes no time, so none postpones a write), an append-only file without PUBLISH
// (here it keeps those that were replicated, to nobody when loaded), a script that wrote something
// before it ran for long (UNKILLABLE), other commands that take long.
// Choices that the real server leaves open, told to the Observer by name: redis.active_expiry (a key
// is deleted at most 100 ms after it expired, 1 s after a clock step; redis.lazy_expiry when a command
// comes first), redis.eviction (exact LRU). Told too: redis.promoted, redis.demoted,
// redis.partial_resync, redis.full_resync, redis.replica_link_down, redis.append_file_loaded,
// redis.wait_timed_out (a WAIT answered with fewer replicas than it asked for), redis.busy,
// redis.script_killed, redis.client_refused.

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "conclave/environment.hpp"

namespace conclave::servers::redis {

/// When the append-only file reaches the disk; `off` keeps none: a restart begins empty.
enum class AppendFsync : std::uint8_t { off, no, everysec, always };

/// What maxmemory does when it is reached.
enum class EvictionPolicy : std::uint8_t { noeviction, allkeys_lru, volatile_lru };

/// A server's append-only file and configuration file. Owned by its host: it outlives the process.
struct Disk {
    struct Config {
        std::optional<Endpoint> replica_of = {};
    };
    std::string file;         ///< what the process has written: page cache included
    std::size_t durable = 0;  ///< how much of it a power loss leaves
    bool full = false;        ///< it takes nothing more; the configuration file has its own place
    std::optional<Config> config = {};  ///< what CONFIG REWRITE wrote: synced at once

    /// The host lost power: of what was not synced only the first `torn` bytes had reached the disk,
    /// which may cut a command in two. A crash of the process loses nothing.
    void lose_power(std::size_t torn = 0) {
        file.resize(std::min(file.size(), durable + torn));
        durable = file.size();
    }
    std::size_t unsynced() const noexcept { return file.size() - durable; }
    /// A restart without data.
    void wipe() {
        file.clear();
        durable = 0;
    }
};

struct ServerOptions {
    std::string host = {};                   ///< listened on, and announced to a master
    std::uint16_t port = 6379;
    std::string password = {};               ///< of the default user, also sent to a master
    std::map<std::string, std::string> users = {};  ///< further users with passwords, all-powerful
    AppendFsync append_fsync = AppendFsync::off;
    std::size_t keys_max = 0;                ///< stands for maxmemory; 0 is unlimited
    EvictionPolicy eviction = EvictionPolicy::noeviction;
    std::size_t min_replicas_to_write = 0;
    Duration min_replicas_max_lag = std::chrono::seconds(10);
    std::optional<Endpoint> replica_of = {};
    int replica_priority = 100;
    std::size_t clients_max = 10'000;        ///< maxclients: who comes then is told so and closed
    Duration busy_reply_threshold = std::chrono::seconds(5);  ///< silence of a script before -BUSY
    /// Told each command of a client before it is executed, for those who judge from outside. Must
    /// not park. Null when nobody listens.
    std::function<void(std::span<const std::string_view> arguments)> on_command = {};
    /// Told each key of database 0 whose ttl has run out, and what it was if it was a string, when
    /// a master deletes it. Must not park. Null when nobody listens.
    std::function<void(std::string_view key, std::string_view text)> on_expired = {};
    /// Told each change of database 0 as it takes effect, as the command that a replica is sent.
    /// Nothing while a file is loaded, nor by a master that keeps neither file nor replicas. Must not
    /// park. Null when nobody listens.
    std::function<void(std::span<const std::string_view> words)> on_changed = {};
};

class Server {
public:
    /// `disk` may be null when append_fsync is off; a role it was rewritten with wins over `options`.
    Server(Runtime& runtime, ServerOptions options, std::shared_ptr<Disk> disk = nullptr);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Loads the append-only file, then serves until the calling fiber's group is cancelled.
    ///
    /// Blocks:  until cancelled; every connection is closed before it returns.
    /// Errors:  no effect - ConnectionError when it cannot listen
    void run();
    /// The same on a listener that the caller has opened and outlives the call; `options.host` and
    /// `options.port` are then only what the server tells others about itself.
    void run(Listener& listener);

    /// A string key as the server has it at this moment, for those who judge from outside: no
    /// command is counted and nothing expires by it.
    struct Peek {
        std::string text;
        std::optional<Duration> time_to_live = {};  ///< nullopt when it does not expire
    };
    /// nullopt when the key is missing, has expired or is no string. Looks into database 0.
    std::optional<Peek> peek(std::string_view key) const;

    bool is_master() const noexcept;
    bool is_loaded() const noexcept;  ///< what its file holds can be peeked at

    // Disturbances, by whoever plays the part of other clients, for `length` or for what is left of
    // an earlier one, if that is longer. They do not outlive the Server.
    /// Somebody's script, which only reads, runs from now on.
    void occupy(Duration length);
    /// Connections of others take all of maxclients from now on. Those that exist stay.
    void crowd(Duration length);
    /// Ends both.
    void leave_alone() noexcept;

    struct State;

private:
    std::unique_ptr<State> state_;
};

}  // namespace conclave::servers::redis
