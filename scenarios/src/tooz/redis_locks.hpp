#pragma once

// tooz's locks on Redis. Believed held for ever: the attribute `acquired` says whether a lock is in
// the coordinator's list, and only its own release takes it out. Nobody is told of a lost one.
// Source: tooz 3.1 to 9.0 drivers/redis.py RedisLock and _handle_failures; redis-py 4.3.4 lock.py.

#include <map>
#include <string>

#include "conclave/driver.hpp"
#include "python_redis.hpp"

namespace conclave::tooz {

/// What _handle_failures does: a broken connection is met by another attempt at once, 15 in all,
/// whatever the one before it may have done.
template <class Attempt>
auto translated(Attempt&& attempt) {
    Effect effect = Effect::none;
    for (int left = 15;; --left) {
        try {
            return attempt();
        } catch (const ConnectionError& error) {
            if (error.effect() == Effect::unknown) effect = Effect::unknown;
            if (left == 1) throw ConnectionError(error.what(), effect);
        } catch (const OperationTimedOut& error) {
            if (error.effect() == Effect::unknown) effect = Effect::unknown;
            throw OperationTimedOut(error.what(), effect);
        }
    }
}

class RedisLocks final : public Locks {
public:
    RedisLocks(Runtime& runtime, PythonRedis& redis, Duration timeout)
        : runtime_(runtime), redis_(redis), timeout_(timeout) {}

    /// What is stored is redis-py's token, a new one for each attempt; `owner` names it here only.
    std::optional<Lease> try_acquire(const std::string& name, const std::string& owner,
                                     Deadline deadline) override;
    bool renew(Lease& lease, Deadline deadline) override;
    bool release(const Lease& lease, Deadline deadline) override;
    bool break_lock(const std::string& name, Deadline deadline) override;
    std::optional<Holder> holder(const std::string& name, Deadline deadline) override;
    bool break_holder(const std::string& name, const Holder& holder, Deadline deadline) override;
    bool is_owner(const Lease& lease, Deadline deadline) override;
    std::string new_owner() override;
    Duration ttl() const noexcept override { return timeout_; }

    /// Of every lock in the list; what fails is logged, and no more.
    void heartbeat(Deadline deadline);
    /// As stop() does with what is left.
    void release_all(Deadline deadline);

private:
    Runtime& runtime_;
    PythonRedis& redis_;
    const Duration timeout_;
    struct Acquired {
        std::string name;
        std::string token;
    };
    void heartbeat(const Acquired& lock, Deadline deadline);
    std::string token_of(const Lease& lease) const;

    std::map<std::string, Acquired> acquired_;  ///< _acquired_locks, by owner
};

/// A leader holds the lock `leader_of_<group>`, and can give it up only by stop(), as which a
/// resignation counts here. Who leads cannot be asked.
class RedisElections final : public Elections {
public:
    explicit RedisElections(RedisLocks& locks) : locks_(locks) {}

    std::optional<Lease> try_lead(const std::string& group, const std::string& owner,
                                  Deadline deadline) override;
    bool renew(Lease& leadership, Deadline deadline) override;
    bool resign(const Lease& leadership, Deadline deadline) override;
    Leader get_leader(const std::string& group, Deadline deadline) override;
    std::string new_owner() override { return locks_.new_owner(); }

private:
    RedisLocks& locks_;
};

}  // namespace conclave::tooz
