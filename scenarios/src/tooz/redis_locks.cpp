#include "redis_locks.hpp"

#include "conclave/unique_text.hpp"

namespace conclave::tooz {

namespace {

namespace scripts = redis::scripts;  // the release and the reacquire of redis-py do the same steps

std::string key_of(const std::string& name) { return "_tooz_" + name + "_lock"; }

std::string milliseconds(Duration length) {
    return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(length).count());
}

}  // namespace

std::string RedisLocks::new_owner() { return unique_text(runtime_.random); }

std::optional<Lease> RedisLocks::try_acquire(const std::string& name, const std::string& owner,
                                             Deadline deadline) {
    return translated([&]() -> std::optional<Lease> {
        const std::string token = unique_text(runtime_.random);
        const resp::Reply set =
            redis_.call({"SET", key_of(name), token, "PX", milliseconds(timeout_), "NX"},
                        Effect::unknown, deadline);
        if (!set.is_status("OK")) return std::nullopt;
        acquired_.insert_or_assign(owner, Acquired{name, token});
        return Lease{name, owner, 0, TimePoint::max()};
    });
}

std::string RedisLocks::token_of(const Lease& lease) const {
    const auto found = acquired_.find(lease.owner);
    return found == acquired_.end() ? "" : found->second.token;
}

// Never asked for: belief has no end. The coordinator's heartbeat does it.
bool RedisLocks::renew(Lease& lease, Deadline deadline) {
    heartbeat({lease.name, token_of(lease)}, deadline);
    return true;
}

void RedisLocks::heartbeat(const Acquired& lock, Deadline deadline) {
    translated([&] {
        return redis_.run(scripts::renew, {key_of(lock.name)}, {lock.token, milliseconds(timeout_)},
                          deadline);
    });
}

bool RedisLocks::release(const Lease& lease, Deadline deadline) {
    const auto acquired = acquired_.extract(lease.owner);
    if (acquired.empty()) return false;
    const auto& [name, token] = acquired.mapped();
    try {
        return redis_.run(scripts::release, {key_of(name)}, {token}, deadline).integer == 1;
    } catch (const ConnectionError&) {
        return false;  // the second attempt finds that the token is forgotten already: not its lock
    }
}

bool RedisLocks::break_lock(const std::string& name, Deadline deadline) {
    return translated([&] {
        return redis_.call({"DEL", key_of(name)}, Effect::unknown, deadline).integer == 1;
    });
}

std::optional<Holder> RedisLocks::holder(const std::string&, Deadline) {
    throw NotImplemented("tooz does not tell who holds a lock");
}

bool RedisLocks::break_holder(const std::string&, const Holder&, Deadline) {
    throw NotImplemented("tooz does not tell who holds a lock");
}

bool RedisLocks::is_owner(const Lease& lease, Deadline deadline) {
    return translated([&] {
        return redis_.call({"GET", key_of(lease.name)}, Effect::none, deadline).text ==
               token_of(lease);
    });
}

void RedisLocks::heartbeat(Deadline deadline) {
    const std::map<std::string, Acquired> acquired = acquired_;
    for (const auto& [owner, lock] : acquired) {
        try {
            heartbeat(lock, deadline);
        } catch (const Cancelled&) {
            throw;
        } catch (const Error&) {
        }
    }
}

void RedisLocks::release_all(Deadline deadline) {
    const std::map<std::string, Acquired> acquired = acquired_;
    for (const auto& [owner, lock] : acquired) {
        try {
            release({lock.name, owner, 0, TimePoint::max()}, deadline);
        } catch (const Error&) {
        }
    }
}

namespace {
std::string lock_of(const std::string& group) { return "leader_of_" + group; }
}  // namespace

std::optional<Lease> RedisElections::try_lead(const std::string& group, const std::string& owner,
                                              Deadline deadline) {
    std::optional<Lease> lease = locks_.try_acquire(lock_of(group), owner, deadline);
    if (lease) lease->name = group;
    return lease;
}

bool RedisElections::renew(Lease& leadership, Deadline deadline) {
    Lease lease = leadership;
    lease.name = lock_of(leadership.name);
    return locks_.renew(lease, deadline);
}

bool RedisElections::resign(const Lease& leadership, Deadline deadline) {
    Lease lease = leadership;
    lease.name = lock_of(leadership.name);
    return locks_.release(lease, deadline);
}

Leader RedisElections::get_leader(const std::string&, Deadline) {
    throw NotImplemented("tooz's Redis driver does not tell who leads");
}

}  // namespace conclave::tooz
