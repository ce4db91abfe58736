#pragma once

// A simulated redis-sentinel 7.0.15: monitors a master, agrees with its peers that it is down, elects
// the one that fails over, and promotes a replica - all by the real messages and timers, so that
// failover arises from what the network lets through. Written against Runtime: it runs in the
// simulator and on real ports alike. Single-threaded per Runtime.
//
// Modelled: PING/INFO/PUBLISH periods, SDOWN and ODOWN, hello gossip over __sentinel__:hello, epochs
// and votes, start delay, candidate choice, promotion, reconfiguration of replicas, demotion of a
// returned master, TILT, the SENTINEL commands that clients and peers send.
// Not modelled: several masters, scripts, SENTINEL SET/MONITOR/REMOVE/FAILOVER, persistence of the
// configuration (a restarted sentinel begins at the options it is given), authentication.
// Source: sentinel.c of Redis 7.0.15.

#include <memory>
#include <string>
#include <vector>

#include "conclave/environment.hpp"

namespace conclave::servers::redis {

struct SentinelOptions {
    Endpoint listen;                 ///< also the address announced to peers
    std::string master_name = "mymaster";
    Endpoint master;                 ///< where the master is believed to be at first
    int quorum = 2;                  ///< sentinels that must agree that the master is down
    Duration down_after = std::chrono::seconds(30);
    Duration failover_timeout = std::chrono::seconds(180);
    std::string password;            ///< sent to monitored servers when not empty
};

class Sentinel {
public:
    Sentinel(Runtime& runtime, SentinelOptions options);
    ~Sentinel();
    Sentinel(const Sentinel&) = delete;
    Sentinel& operator=(const Sentinel&) = delete;

    /// Serves until the calling fiber's group is cancelled. Throws ConnectionError when it cannot
    /// listen. Each choice the seed made is reported to the Observer by its mechanism's name:
    /// sentinel.start_delay in [0, 1 s), sentinel.old_master_demotion after 8 s of a sane look.
    void run();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace conclave::servers::redis
