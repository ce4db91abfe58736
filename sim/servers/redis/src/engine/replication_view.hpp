#pragma once

// The facts of replication that commands read (INFO, ROLE, WAIT, refusals) and the replication layer
// writes. Plain data, single-threaded per Runtime.

#include <cstdint>
#include <string>
#include <vector>

#include "conclave/environment.hpp"

namespace conclave::servers::redis {

struct ReplicaStatus {
    std::uint64_t session = 0;
    Endpoint endpoint;               ///< as the replica announced it
    std::int64_t acknowledged = 0;   ///< the offset of its last REPLCONF ACK
    std::int64_t acknowledged_at = 0;  ///< unix milliseconds of that ACK
    bool online = false;             ///< it has acknowledged once
};

struct ReplicationView {
    bool replica = false;
    Endpoint master;                 ///< meaningful for a replica
    enum class Link : std::uint8_t { connect, connecting, sync, connected } link = Link::connect;
    std::int64_t link_down_since = 0;  ///< unix milliseconds
    std::int64_t last_heard = 0;       ///< unix milliseconds of the master's last byte
    std::string id;                    ///< 40 hexadecimal digits
    std::string second_id = std::string(40, '0');
    std::int64_t offset = 0;
    std::int64_t second_offset = -1;
    bool backlog = false;              ///< the stream is kept and counted
    std::int64_t backlog_start = 0;    ///< offset of the first byte kept
    std::int64_t backlog_size = 0;
    std::vector<ReplicaStatus> replicas;

    /// Replicas that acknowledged at most `lag_ms` ago.
    std::size_t good_replicas(std::int64_t now, std::int64_t lag_ms) const noexcept {
        std::size_t count = 0;
        for (const ReplicaStatus& each : replicas)
            if (each.online && (now - each.acknowledged_at) / 1000 * 1000 <= lag_ms) ++count;
        return count;
    }
    std::size_t replicas_at(std::int64_t wanted) const noexcept {
        std::size_t count = 0;
        for (const ReplicaStatus& each : replicas)
            if (each.online && each.acknowledged >= wanted) ++count;
        return count;
    }
};

}  // namespace conclave::servers::redis
