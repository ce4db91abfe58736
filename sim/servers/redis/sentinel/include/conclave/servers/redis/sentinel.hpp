#pragma once

// A simulated redis-sentinel 7.0.15: monitors a master, agrees with its peers that it is down,
// elects the one that fails over, and promotes a replica - all by the real messages and timers, so
// that failover arises from what the network lets through. Written against Runtime: it runs in the
// simulator and on real ports alike. Single-threaded per Runtime.
//
// Modelled: PING/INFO/PUBLISH periods, SDOWN and ODOWN, hello gossip over __sentinel__:hello,
// epochs and votes, start delay, candidate choice, promotion, reconfiguration of replicas, demotion
// of a returned master, TILT, the SENTINEL commands that clients and peers send. Not modelled:
// several masters, scripts, SENTINEL SET/MONITOR/REMOVE/FAILOVER and what else commands.cpp refuses
// as "unsupported by the model", authentication of clients, host names that are resolved. The
// timers of the real one run on its wall clock; here they run on the process's steady clock, and a
// step of the wall clock shows in TILT only. The configuration is kept and synced at once; the real
// one keeps an epoch that it began only with its first vote. Source: sentinel.c of Redis 7.0.15.

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "conclave/environment.hpp"

namespace conclave::servers::redis {

struct SentinelOptions {
    Endpoint listen;  ///< also the address announced to peers
    std::string master_name = "mymaster";
    Endpoint master;  ///< where the master is believed to be at first
    int quorum = 2;   ///< sentinels that must agree that the master is down
    Duration down_after = std::chrono::seconds(30);
    Duration failover_timeout = std::chrono::seconds(180);
    std::string password;  ///< sent to monitored servers when not empty
    /// What a subscriber may leave unread; one that leaves more is disconnected.
    std::size_t output_bytes_max = 32 * 1024 * 1024;
};

/// A sentinel's configuration file: what it must not forget, above all in which epoch it has voted.
/// Owned by its host: it outlives the process, and is on the disk before anybody is told.
struct SentinelFile {
    std::string id;  ///< 40 hexadecimal digits, drawn at the first start
    std::uint64_t current_epoch = 0;
    std::uint64_t config_epoch = 0;  ///< of the last failover that it knows of
    std::uint64_t voted_epoch = 0;   ///< one vote an epoch; for whom is not kept
    std::optional<Endpoint> master = {};
    std::vector<Endpoint> replicas = {};
    std::map<std::string, Endpoint> peers = {};  ///< by id
};

class Sentinel {
public:
    /// `file` may be null: then a restart begins at the options. What it has wins over them.
    Sentinel(Runtime& runtime, SentinelOptions options,
             std::shared_ptr<SentinelFile> file = nullptr);
    ~Sentinel();
    Sentinel(const Sentinel&) = delete;
    Sentinel& operator=(const Sentinel&) = delete;

    /// Serves until the calling fiber's group is cancelled. Throws ConnectionError when it cannot
    /// listen. Each choice the seed made is reported to the Observer by its mechanism's name:
    /// sentinel.start_delay in [0, 1 s), sentinel.old_master_demotion after 8 s of a sane look.
    void run();

    struct State;

private:
    std::unique_ptr<State> state_;
};

}  // namespace conclave::servers::redis
