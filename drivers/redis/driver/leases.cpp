#include "leases.hpp"

#include <algorithm>
#include <exception>
#include <vector>

#include "conclave/belief.hpp"
#include "milliseconds.hpp"
#include "replies.hpp"

namespace conclave::redis {

Leases::Leases(Runtime& runtime, Client& client, const DriverOptions& options)
    : runtime_(runtime), client_(client), options_(options) {}

std::optional<Lease> Leases::try_acquire(const std::string& name, const std::string& owner,
                                         const LeaseKeys& keys, Deadline deadline) {
    std::vector<std::string> touched{keys.lock, Keys::counter(keys.lock)};
    std::vector<std::string> arguments{owner, milliseconds(options_.lock_ttl)};
    if (!keys.leader.empty()) {
        touched.push_back(keys.leader);
        arguments.push_back(keys.member_id);
    }
    const Answer answer = client_.run(scripts::acquire, touched, arguments,
                                      Repeat::until_lapsed(options_.lock_ttl), deadline);
    const std::int64_t token = integer_of(answer.reply, "script acquire");
    if (token == 0) return std::nullopt;
    Lease lease{name, owner, static_cast<std::uint64_t>(token), belief_until(answer)};
    if (options_.wait_replicas > 0) confirm_acquisition(lease, keys, answer, deadline);
    return lease;
}

bool Leases::renew(Lease& lease, const LeaseKeys& keys, Deadline deadline) {
    std::vector<std::string> touched{keys.lock};
    std::vector<std::string> arguments{lease.owner, milliseconds(options_.lock_ttl)};
    if (!keys.leader.empty()) {
        touched.push_back(keys.leader);
        arguments.push_back(keys.member_id);
    }
    const Answer answer = client_.run(scripts::renew, touched, arguments, Repeat::safe, deadline);
    if (integer_of(answer.reply, "script renew") == 0) return false;
    if (options_.wait_replicas > 0) confirm_renewal(lease, answer, deadline);
    lease.belief_until = belief_until(answer);
    return true;
}

// A repeated release that finds the hold gone can tell who ended it only while it cannot have
// lapsed.
bool Leases::release(const Lease& lease, const LeaseKeys& keys, Deadline deadline) {
    std::vector<std::string> touched{keys.lock};
    if (!keys.leader.empty()) touched.push_back(keys.leader);
    const std::vector<std::string> arguments{lease.owner};
    const scripts::Script& script = options_.push ? scripts::release_told : scripts::release;
    const Answer answer = client_.run(script, touched, arguments, Repeat::safe, deadline);
    if (integer_of(answer.reply, "script release") == 1) return true;
    if (!answer.repeated) return false;
    if (runtime_.clock.now() < lease.belief_until) return true;
    throw Error("redis: '" + lease.name +
                    "' is free: by an earlier attempt whose reply was lost, or because it lapsed",
                Effect::unknown);
}

void Leases::confirm_acquisition(const Lease& lease, const LeaseKeys& keys, const Answer& acquired,
                                 Deadline deadline) {
    const std::int64_t confirmed = wait_for_replicas(acquired, deadline);
    if (confirmed >= options_.wait_replicas) return;
    const std::string problem = too_few(confirmed) + " acknowledged lock '" + lease.name + "'";
    try {
        release(lease, keys, deadline);
    } catch (const Error&) {
        std::throw_with_nested(Error(problem + "; giving it up again failed", Effect::unknown));
    }
    throw Error(problem + "; it was given up again");
}

// A renewal that too few replicas have extends no belief, else a master that was cut off from them
// would keep its holder believing while its successor lets the lock lapse. Nor is the lock given up:
// its holder may believe in it until the last confirmed renewal ends.
void Leases::confirm_renewal(const Lease& lease, const Answer& renewed, Deadline deadline) {
    const std::int64_t confirmed = wait_for_replicas(renewed, deadline);
    if (confirmed >= options_.wait_replicas) return;
    throw Error(too_few(confirmed) + " acknowledged the renewal of lock '" + lease.name + "'",
                Effect::unknown);
}

std::string Leases::too_few(std::int64_t confirmed) const {
    return "redis: " + std::to_string(confirmed) + " replicas (wait_replicas=" +
           std::to_string(options_.wait_replicas) + " are wanted)";
}

// WAIT counts the replicas that have this connection's own last write: on another connection it
// would answer at once for nothing.
std::int64_t Leases::wait_for_replicas(const Answer& written, Deadline deadline) {
    const TimePoint bound =
        std::min(deadline.at(), runtime_.after(options_.client.reply_timeout).at());
    const Duration half = (bound - runtime_.clock.now()) / 2;
    const Duration patience = std::max<Duration>(half, std::chrono::milliseconds(1));
    Request request = command(
        {"WAIT", std::to_string(options_.wait_replicas), milliseconds(patience)}, Repeat::never);
    request.only_on = written.incarnation;
    try {
        return integer_of(client_.call(request, deadline).reply, "WAIT");
    } catch (const Error&) {
        std::throw_with_nested(
            ConnectionError("redis: done, but not known to be on replicas", Effect::unknown));
    }
}

TimePoint Leases::belief_until(const Answer& answer) const {
    return saturating_add(answer.sent_at, belief_length(options_.lock_ttl));
}

}  // namespace conclave::redis
