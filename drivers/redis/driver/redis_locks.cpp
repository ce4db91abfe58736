#include "redis_locks.hpp"

#include <charconv>

#include "replies.hpp"

namespace conclave::redis {

namespace {

/// Zero when there is none: a peer without counters holds the lock.
std::uint64_t counter_of(const resp::Reply& reply) {
    std::uint64_t counter = 0;
    std::from_chars(reply.text.data(), reply.text.data() + reply.text.size(), counter);
    return counter;
}

}  // namespace

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
    const std::vector<std::string> keys{keys_.lock(name)};
    const Answer answer = options_.push
                              ? client_.run(scripts::break_told, keys, {}, Repeat::never, deadline)
                              : client_.call(command({"DEL", keys[0]}, Repeat::never), deadline);
    return integer_of(answer.reply, "DEL") != 0;
}

// Owner and counter are of one instant; how much is left is for the eye only.
std::optional<Holder> RedisLocks::holder(const std::string& name, Deadline deadline) {
    const std::string key = keys_.lock(name);
    const Answer read =
        client_.call(command({"MGET", key, Keys::counter(key)}, Repeat::safe), deadline);
    const std::vector<resp::Reply>& values = array_of(read.reply, "MGET");
    if (values.size() != 2) unexpected(read.reply, "MGET", "two values");
    if (values[0].type == resp::Type::null) return std::nullopt;
    Holder holder{text_of(values[0], "MGET"), {}, counter_of(values[1])};
    const Answer left = client_.call(command({"PTTL", key}, Repeat::safe), deadline);
    const std::int64_t milliseconds = integer_of(left.reply, "PTTL");
    if (milliseconds >= 0) holder.left = std::chrono::milliseconds(milliseconds);
    return holder;
}

// As a release by its owner, who is compared in the same step.
bool RedisLocks::break_holder(const std::string& name, const Holder& holder, Deadline deadline) {
    return leases_.release({name, holder.owner, holder.token, {}}, at(name), deadline);
}

bool RedisLocks::is_owner(const Lease& lease, Deadline deadline) {
    const Answer answer =
        client_.call(command({"GET", keys_.lock(lease.name)}, Repeat::safe), deadline);
    if (answer.reply.type == resp::Type::null) return false;
    return text_of(answer.reply, "GET") == lease.owner;
}

}  // namespace conclave::redis
