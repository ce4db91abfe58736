#pragma once

// The state of one simulated server and what its parts do with it: connections (client.cpp), the
// append-only file (append_file.cpp), replication as a master (replication_source.cpp) and as a
// replica (replica_link.cpp). Single-threaded per Runtime.

#include <map>
#include <memory>
#include <string>

#include "conclave/servers/redis/server.hpp"
#include "conclave/sync.hpp"
#include "engine/engine.hpp"
#include "server/client.hpp"

namespace conclave::servers::redis {

struct ServerState : Supervisor {
    ServerState(Runtime& the_runtime, ServerOptions the_options, std::shared_ptr<Disk> the_disk);

    void run();
    void run(Listener& listener);
    std::int64_t wall_ms() const noexcept { return runtime.wall_clock.now().nanoseconds / 1'000'000; }
    void report(std::string_view name, std::string_view detail) const noexcept;

    // Supervisor
    void follow(const Endpoint* master) override;
    void write_config() override;
    void kill(Session& session) override;
    void wake(Session& session) override;
    void pause(std::int64_t until, bool writes_only) override;
    void expired(const ExpiredKey& expired) override;
    bool kill_script() override;
    void changed(int database, Arguments words) override;

    /// Holds a command back while CLIENT PAUSE says so.
    void wait_while_paused(const Session& session, Arguments arguments);
    // long_script.cpp
    void occupy(Duration length);
    void crowd(Duration length);
    void leave_alone() noexcept;
    bool script_runs() const noexcept;
    /// Parks while somebody's script runs, at most until it has run for `patience`; false when the
    /// fiber's group was cancelled.
    bool wait_for_script(Duration patience = Duration::max());
    /// Whether `connection` was refused: as many as may be are there.
    bool refuse_crowded(Connection& connection);

    /// Sends what the last command changed to the file and to the replicas.
    void absorb_stream();

    // append_file.cpp
    void load_file();
    void cut_torn_end(std::size_t whole);
    void append(std::string_view bytes);
    void write_file();
    void rewrite_file();
    void retry_writes();
    /// The process ends, as by exit(1): nobody gets another reply.
    void stop_serving();
    void sync_every_second();

    // replication_source.cpp
    /// Adds bytes to the stream that are no client's command: PING, GETACK.
    void feed(std::string_view bytes);
    void send_to_replicas(std::string_view bytes);
    void synchronise_replica(const std::shared_ptr<Client>& client);
    void acknowledge(Session& session);
    void replica_gone(const Session& session);
    void drop_replicas();
    void ping_replicas();
    /// Answers a WAIT; false when the server is shutting down.
    bool wait_for_replicas(Session& session);

    // replica_link.cpp
    void start_link();
    void become_master();

    std::string new_id();
    void expire_actively();
    void update_feeding();

    Runtime& runtime;
    ServerOptions options;
    std::shared_ptr<Disk> disk;
    Engine engine;
    std::map<std::uint64_t, Client*> clients;
    std::uint64_t last_client_id = 2;  ///< the real server's first client is number 3
    std::string backlog;
    std::string unwritten;             ///< of the file: what a full disk has not taken
    Latch write_failed;                ///< some of it waits
    Listener* listening = nullptr;
    Latch unsynced;                    ///< the file has bytes that a power loss would take
    Latch expiry_set;                  ///< some key may expire
    Latch has_replicas;
    WaitList acknowledged;             ///< WAITs
    WaitList pause_over;
    bool loaded = false;  ///< the append-only file, or there is none
    std::int64_t paused_until = 0;
    bool pause_writes_only = false;
    TimePoint script_since{}, script_until{};  ///< until it ends by itself; zero: there was none
    WaitList script_over;              ///< notified when it ends before
    TimePoint crowded_until{};         ///< by connections of others
    std::uint64_t link_generation = 0;  ///< a link of an older generation ends itself
    Connection* link_connection = nullptr;
    std::uint64_t evictions_reported = 0;
    TaskGroup tasks;                   ///< last: its fibers use all of the above
};

}  // namespace conclave::servers::redis
