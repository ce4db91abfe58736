#pragma once

// Elections on Redis: a lock per group, named as tooz names it, so that Python and C++ members
// exclude each other. Beside it, our key says who leads: it is bound to the lock's owner, because a
// Python leader writes none. Part of RedisDriver.

#include "leases.hpp"

namespace conclave::redis {

class RedisElections final : public Elections {
public:
    RedisElections(Leases& leases, Client& client, const Keys& keys, std::string member_id)
        : leases_(leases), client_(client), keys_(keys), member_id_(std::move(member_id)) {}

    std::optional<Lease> try_lead(const std::string& group, const std::string& owner,
                                  Deadline deadline) override;
    bool renew(Lease& leadership, Deadline deadline) override;
    bool resign(const Lease& leadership, Deadline deadline) override;
    Leader get_leader(const std::string& group, Deadline deadline) override;
    std::string new_owner() override { return leases_.new_owner(); }

private:
    LeaseKeys at(const std::string& group) const {
        return {keys_.leader_lock(group), keys_.leader(group), member_id_};
    }

    Leases& leases_;
    Client& client_;
    const Keys& keys_;
    const std::string member_id_;
};

}  // namespace conclave::redis
