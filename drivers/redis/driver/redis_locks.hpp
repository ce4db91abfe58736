#pragma once

// Locks on Redis; see Leases for the algorithm. Parts of RedisDriver.

#include "leases.hpp"

namespace conclave::redis {

class RedisLocks final : public Locks {
public:
    RedisLocks(Leases& leases, Client& client, const Keys& keys, const DriverOptions& options)
        : leases_(leases), client_(client), keys_(keys), options_(options) {}

    std::optional<Lease> try_acquire(const std::string& name, const std::string& owner,
                                     Deadline deadline) override;
    bool renew(Lease& lease, Deadline deadline) override;
    bool release(const Lease& lease, Deadline deadline) override;
    bool break_lock(const std::string& name, Deadline deadline) override;
    std::optional<Holder> holder(const std::string& name, Deadline deadline) override;
    bool break_holder(const std::string& name, const Holder& holder, Deadline deadline) override;
    bool is_owner(const Lease& lease, Deadline deadline) override;
    std::string new_owner() override { return leases_.new_owner(); }
    Duration ttl() const noexcept override { return options_.lock_ttl; }

private:
    LeaseKeys at(const std::string& name) const { return {keys_.lock(name), {}, {}}; }

    Leases& leases_;
    Client& client_;
    const Keys& keys_;
    const DriverOptions& options_;
};

}  // namespace conclave::redis
