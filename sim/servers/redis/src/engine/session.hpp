#pragma once

// What the server remembers of one client: protocol, database, transaction, watches, subscriptions
// and the replies not yet written. Owned by the connection layer; the engine keeps pointers to it
// from connected() to disconnected(). Single-threaded per Runtime.

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace conclave::servers::redis {

/// A WAIT that the replication layer has to answer.
struct ReplicaWait {
    std::size_t replicas = 0;
    std::int64_t timeout_ms = 0;  ///< 0 waits for ever
};

/// A PSYNC that the replication layer has to answer.
struct PartialSync {
    std::string replication_id;
    std::int64_t offset = 0;
};

struct WatchedKey {
    int database = 0;
    std::string key;
    bool expired = false;  ///< it was there, but expired, when WATCH came
};

struct Session {
    enum class Kind : std::uint8_t { client, replica, master };
    using Names = std::set<std::string, std::less<>>;

    std::uint64_t id = 0;
    Kind kind = Kind::client;
    int protocol = 2;
    int database = 0;
    bool authenticated = true;
    bool transaction = false;         ///< between MULTI and EXEC
    bool transaction_failed = false;  ///< a queued command was refused
    bool watch_broken = false;
    bool executing = false;           ///< inside EXEC: nothing may block
    bool close_after_reply = false;
    std::string name;
    std::string user = "default";
    std::string address;
    std::vector<std::vector<std::string>> queued;
    std::vector<WatchedKey> watched;
    Names channels;
    Names patterns;
    std::string output;               ///< replies not yet written
    std::int64_t last_write_offset = 0;
    std::uint16_t replica_port = 0;   ///< from REPLCONF listening-port
    std::string replica_host;         ///< from REPLCONF ip-address, else where it came from
    std::optional<ReplicaWait> wait;
    std::optional<PartialSync> sync;
    std::optional<std::int64_t> acknowledged;  ///< the offset of a REPLCONF ACK

    bool subscribed() const noexcept { return !channels.empty() || !patterns.empty(); }
    void discard_transaction() noexcept {
        transaction = transaction_failed = watch_broken = false;
        queued.clear();
        watched.clear();
    }
};

}  // namespace conclave::servers::redis
