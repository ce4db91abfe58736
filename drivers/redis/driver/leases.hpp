#pragma once

// The algorithm behind locks and elections: a key that holds its owner's text and lapses by itself.
//
// Acquisition is one script, so that the key and its fencing counter move together; an owner whose
// reply was lost asks again and is recognised, which is why every request here is safe to repeat.
// Source: redis.io "SET", pattern of a lock with a single instance; tooz drivers/redis.py
// RedisLock.

#include <optional>
#include <string>

#include "../client/client.hpp"
#include "conclave/driver.hpp"
#include "conclave/unique_text.hpp"
#include "driver_options.hpp"
#include "keys.hpp"

namespace conclave::redis {

/// Where one lease lives.
struct LeaseKeys {
    std::string lock;
    std::string leader;     ///< names the holder's member id; empty for a plain lock
    std::string member_id;  ///< what `leader` says, after the owner
};

class Leases {
public:
    Leases(Runtime& runtime, Client& client, const DriverOptions& options);

    /// With wait_replicas, every acquisition and renewal is confirmed by WAIT, bounded by half of what
    /// is left until `deadline` or of the reply time-out. Errors besides the client's:
    /// no effect - Error, too few replicas acknowledged and the lock was given up again;
    /// unknown - Error, it could not be given up, or a renewal was not acknowledged: belief is then
    /// not extended; ConnectionError, WAIT got no answer on the connection that wrote.
    std::optional<Lease> try_acquire(const std::string& name, const std::string& owner,
                                     const LeaseKeys& keys, Deadline deadline);
    bool renew(Lease& lease, const LeaseKeys& keys, Deadline deadline);
    /// True also when a repeated request finds nothing: the attempt whose reply was lost did it.
    bool release(const Lease& lease, const LeaseKeys& keys, Deadline deadline);
    /// 32 hex digits, like tooz's tokens.
    std::string new_owner() { return unique_text(runtime_.random); }

private:
    void confirm_acquisition(const Lease& lease, const LeaseKeys& keys, const Answer& acquired,
                             Deadline deadline);
    void confirm_renewal(const Lease& lease, const Answer& renewed, Deadline deadline);
    std::string too_few(std::int64_t confirmed) const;
    std::int64_t wait_for_replicas(const Answer& written, Deadline deadline);
    TimePoint belief_until(const Answer& answer) const;

    Runtime& runtime_;
    Client& client_;
    const DriverOptions& options_;
};

}  // namespace conclave::redis
