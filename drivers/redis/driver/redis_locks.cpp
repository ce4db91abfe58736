#include "redis_locks.hpp"

#include "replies.hpp"

namespace conclave::redis {

std::optional<Lease> RedisLocks::try_acquire(const std::string& name, const std::string& owner,
                                             Deadline deadline) {
    return leases_.try_acquire(name, owner, at(name), deadline);
}

bool RedisLocks::renew(Lease& lease, Deadline deadline) {
    return leases_.renew(lease, at(lease.name), deadline);
}

bool RedisLocks::release(const Lease& lease, Deadline deadline) {
    return leases_.release(lease, at(lease.name), deadline);
}

// Not repeated after a lost reply: by then it might remove the next owner's lock.
bool RedisLocks::break_lock(const std::string& name, Deadline deadline) {
    const Answer answer = client_.call(command({"DEL", keys_.lock(name)}, Repeat::never), deadline);
    return integer_of(answer.reply, "DEL") != 0;
}

bool RedisLocks::is_owner(const Lease& lease, Deadline deadline) {
    const Answer answer =
        client_.call(command({"GET", keys_.lock(lease.name)}, Repeat::safe), deadline);
    if (answer.reply.type == resp::Type::null) return false;
    return text_of(answer.reply, "GET") == lease.owner;
}

}  // namespace conclave::redis
