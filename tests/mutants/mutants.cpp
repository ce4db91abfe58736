#include "mutants.hpp"

#include "right_driver.hpp"

namespace conclave::mutants {

namespace {

enum class Wrong {
    release_without_owner_check,
    belief_from_reply_time,
    margin_forgotten,
    token_made_up,
};

/// The locks of the right driver with one wrong.
class WrongLocks final : public Locks {
public:
    WrongLocks(Runtime& runtime, Locks& right, Wrong wrong)
        : runtime_(runtime), right_(right), wrong_(wrong) {}

    std::optional<Lease> try_acquire(const std::string& name, const std::string& owner,
                                     Deadline deadline) override {
        std::optional<Lease> lease = right_.try_acquire(name, owner, deadline);
        if (!lease) return lease;
        believe_wrongly(*lease);
        if (wrong_ == Wrong::token_made_up) lease->token = 1 + runtime_.random.next() % 1'000'000;
        return lease;
    }

    bool renew(Lease& lease, Deadline deadline) override {
        const bool renewed = right_.renew(lease, deadline);
        if (renewed) believe_wrongly(lease);
        return renewed;
    }

    bool release(const Lease& lease, Deadline deadline) override {
        if (wrong_ == Wrong::release_without_owner_check)
            return right_.break_lock(lease.name, deadline);
        return right_.release(lease, deadline);
    }

    bool break_lock(const std::string& name, Deadline deadline) override {
        return right_.break_lock(name, deadline);
    }
    std::optional<Holder> holder(const std::string& name, Deadline deadline) override {
        return right_.holder(name, deadline);
    }
    bool break_holder(const std::string& name, const Holder& holder, Deadline deadline) override {
        return right_.break_holder(name, holder, deadline);
    }
    bool is_owner(const Lease& lease, Deadline deadline) override {
        return right_.is_owner(lease, deadline);
    }
    std::string new_owner() override { return right_.new_owner(); }
    Duration ttl() const noexcept override { return right_.ttl(); }

private:
    void believe_wrongly(Lease& lease) const {
        const Duration ttl = right_.ttl();
        const Duration margin = ttl / 100 + ttl / 10;
        // The lease ran while the reply was under way.
        if (wrong_ == Wrong::belief_from_reply_time)
            lease.belief_until = runtime_.clock.now() + ttl - margin;
        // A clock that is slow makes a lease look longer than it is.
        if (wrong_ == Wrong::margin_forgotten) lease.belief_until += margin;
    }

    Runtime& runtime_;
    Locks& right_;
    Wrong wrong_;
};

class WrongDriver final : public Driver {
public:
    WrongDriver(Runtime& runtime, std::unique_ptr<Driver> right, Wrong wrong)
        : right_(std::move(right)), locks_(runtime, *right_->locks(), wrong) {}

    void start(Deadline deadline) override { right_->start(deadline); }
    void stop(Deadline deadline) override { right_->stop(deadline); }
    Beat heartbeat(Deadline deadline) override { return right_->heartbeat(deadline); }
    Claims claims() const override { return right_->claims(); }
    Locks* locks() noexcept override { return &locks_; }
    Locks* shared_locks() noexcept override { return right_->shared_locks(); }
    Groups* groups() noexcept override { return right_->groups(); }
    Elections* elections() noexcept override { return right_->elections(); }

private:
    std::unique_ptr<Driver> right_;
    WrongLocks locks_;
};

DriverRegistry wrong_redis(Wrong wrong) {
    return registry_with("redis", [wrong](Runtime& runtime, const Url& url,
                                          const std::string& member_id, const Options& options) {
        return std::make_unique<WrongDriver>(
            runtime, right_driver(runtime, url, member_id, options), wrong);
    });
}

}  // namespace

std::vector<Mutant> redis_mutants() {
    return {
        {"release_without_owner_check", "release() deletes the lock whoever holds it",
         "redis/lock_pause", "exclusion", 5, wrong_redis(Wrong::release_without_owner_check)},
        {"belief_from_reply_time", "belief counts from the reply, not from the request",
         "redis/lock_slow_link", "exclusion", 100, wrong_redis(Wrong::belief_from_reply_time)},
        {"margin_forgotten", "a lease is believed for its whole ttl, whatever the clock's rate",
         "redis/lock_clock_drift", "belief_within_lease", 20, wrong_redis(Wrong::margin_forgotten)},
        {"token_made_up", "the token is a random number, not the server's counter",
         "redis/lock_pause", "fencing", 5, wrong_redis(Wrong::token_made_up)},
    };
}

}  // namespace conclave::mutants
