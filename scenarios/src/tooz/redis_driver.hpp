#pragma once

// tooz's Redis driver, step by step, so that runs show what it does where ours is on trial. Keys
// are spelled as since 9.0.
// Source: tooz 3.1 to 9.0 drivers/redis.py RedisDriver; each part names its own.

#include <string>

#include "beating_driver.hpp"
#include "python_redis.hpp"
#include "redis_groups.hpp"
#include "redis_locks.hpp"

namespace conclave::tooz {

struct RedisTimes {
    Duration lock{};
    Duration membership{};
};

class RedisDriver final : public BeatingDriver {
public:
    RedisDriver(Runtime& runtime, RedisPlace place, RedisTimes times, const std::string& member_id);

    void start(Deadline deadline) override;
    void stop(Deadline deadline) override;
    /// As tooz's class says.
    Claims claims() const override;
    Locks* locks() noexcept override { return &locks_; }
    Groups* groups() noexcept override { return &groups_; }
    Elections* elections() noexcept override { return &elections_; }

private:
    Duration beat(Deadline deadline) override;

    PythonRedis redis_;
    const RedisTimes times_;
    const std::string member_id_;
    RedisLocks locks_;
    RedisGroups groups_;
    RedisElections elections_;
};

}  // namespace conclave::tooz
