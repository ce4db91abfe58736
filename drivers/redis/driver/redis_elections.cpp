#include "redis_elections.hpp"

#include "replies.hpp"

namespace conclave::redis {

std::optional<Lease> RedisElections::try_lead(const std::string& group, const std::string& owner,
                                              Deadline deadline) {
    return leases_.try_acquire(group, owner, at(group), deadline);
}

bool RedisElections::renew(Lease& leadership, Deadline deadline) {
    return leases_.renew(leadership, at(leadership.name), deadline);
}

bool RedisElections::resign(const Lease& leadership, Deadline deadline) {
    return leases_.release(leadership, at(leadership.name), deadline);
}

Leader RedisElections::get_leader(const std::string& group, Deadline deadline) {
    const LeaseKeys keys = at(group);
    const Answer answer =
        client_.call(command({"MGET", keys.lock, keys.leader}, Repeat::safe), deadline);
    const std::vector<resp::Reply>& values = array_of(answer.reply, "MGET");
    if (values.size() != 2) unexpected(answer.reply, "MGET", "two values");
    if (values[0].type == resp::Type::null) return {};
    const std::string owner = text_of(values[0], "MGET") + " ";
    const std::string& leader = values[1].text;
    if (!leader.starts_with(owner)) return {Leader::Known::foreign, {}};
    return {Leader::Known::member, leader.substr(owner.size())};
}

}  // namespace conclave::redis
