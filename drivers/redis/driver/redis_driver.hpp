#pragma once

// The Redis driver: locks, groups and elections over one client. Made by all_drivers(); used on the
// fibers of its runtime only. Keys and encodings are tooz's, so that Python and C++ processes share
// locks, groups and leaders; docs of each part say what is added beside them.

#include <atomic>
#include <string>

#include "../client/client.hpp"
#include "conclave/driver.hpp"
#include "driver_options.hpp"
#include "keys.hpp"
#include "leases.hpp"
#include "redis_changes.hpp"
#include "redis_elections.hpp"
#include "redis_groups.hpp"
#include "redis_locks.hpp"
#include "server_settings.hpp"

namespace conclave::redis {

class RedisDriver final : public Driver {
public:
    /// Errors: no effect - BadOption for a member id that is empty or reserved.
    RedisDriver(Runtime& runtime, DriverOptions options, const std::string& member_id);

    void start(Deadline deadline) override;
    void stop(Deadline deadline) override;
    Beat heartbeat(Deadline deadline) override;
    /// What the configuration can claim; once started, what the server's settings bear out.
    Claims claims() const override;
    Remarks examine(Deadline deadline) override;
    Locks* locks() noexcept override { return &locks_; }
    Groups* groups() noexcept override { return &groups_; }
    Elections* elections() noexcept override { return &elections_; }
    /// Null without push=on.
    Changes* changes() noexcept override { return options_.push ? &changes_ : nullptr; }

private:
    void check_server(const std::string& info) const;
    void check_push(Deadline deadline);

    Runtime& runtime_;
    const DriverOptions options_;
    const Keys keys_;
    Client client_;
    Leases leases_;
    RedisLocks locks_;
    RedisGroups groups_;
    RedisElections elections_;
    Subscriber subscriber_;
    RedisChanges changes_;
    std::atomic<ServerSettings> settings_;  ///< claims() is asked by any thread
};

}  // namespace conclave::redis
