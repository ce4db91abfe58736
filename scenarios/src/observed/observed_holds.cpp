#include "observed_holds.hpp"

namespace conclave::scenarios {

using properties::Action;
using properties::Call;

// Clocks of servers may run a little fast; renewals within the last few percent are no matter.
std::int64_t shortest_lease_ns(Duration ttl) noexcept {
    return ttl == Duration::max() ? 0 : (ttl - ttl / 50).count();
}

CallLog::Mark HoldObserver::begin(Action action, const std::string& name,
                                  const std::string& owner) {
    Call call;
    call.action = action;
    call.object = log_.of(kind_).text(name);
    if (action != Action::read) call.argument = log_.of(kind_).text(owner);
    call.ttl_ns = action == Action::acquire || action == Action::renew ? lease_ns_ : 0;
    if (action == Action::acquire && !member_.empty()) call.second = log_.of(kind_).text(member_);
    return log_.begin(kind_, who_, owner, call);
}

void HoldObserver::failed(CallLog::Mark mark, const Error& error, const std::string& owner) {
    log_.failed(mark, error);
    if (error.effect() == Effect::unknown)
        doubtful_.try_emplace({log_.at(mark).action, owner}, mark);
}

// It may have found what an earlier one of its owner's had done; that one may as well arrive late.
void HoldObserver::done(CallLog::Mark mark, const std::string& owner) {
    const auto doubtful = doubtful_.find({log_.at(mark).action, owner});
    if (doubtful == doubtful_.end()) return;
    log_.at(mark).call_ns = log_.at(doubtful->second).call_ns;
    doubtful_.erase(doubtful);
}

std::optional<Lease> HoldObserver::acquire(const std::string& name, const std::string& owner,
                                           const std::function<std::optional<Lease>()>& ask) {
    const CallLog::Mark mark = begin(Action::acquire, name, owner);
    if (lease_ns_ == 0) log_.holds_until_death(who_, mark);
    std::optional<Lease> lease;
    try {
        lease = ask();
    } catch (const Error& error) {
        failed(mark, error, owner);
        throw;
    }
    // The owner may not act on it, and asks again for the same acquisition or gives it back.
    if (lease && runtime_.clock.now() >= lease->belief_until) {
        failed(mark, Error("granted too late to be believed in", Effect::unknown), owner);
        return lease;
    }
    if (lease && lease->token != 0) log_.at(mark).token = static_cast<std::int64_t>(lease->token);
    if (lease) done(mark, owner);
    log_.answered(mark, lease.has_value());
    return lease;
}

bool HoldObserver::ask(Action action, const Lease& lease, const std::function<bool()>& ask) {
    const CallLog::Mark mark = begin(action, lease.name, lease.owner);
    try {
        const bool agreed = ask();
        if (agreed && action == Action::release) done(mark, lease.owner);
        log_.answered(mark, agreed);
        return agreed;
    } catch (const Error& error) {
        failed(mark, error, lease.owner);
        throw;
    }
}

Leader HoldObserver::read(const std::string& group, const std::function<Leader()>& ask) {
    const CallLog::Mark mark = begin(Action::read, group, {});
    try {
        Leader leader = ask();
        if (leader.known == Leader::Known::foreign) {
            log_.failed(mark, Error("a leader that left no id", Effect::none));
            return leader;
        }
        if (leader.known == Leader::Known::member)
            log_.at(mark).result = log_.of(kind_).text(leader.member_id);
        log_.answered(mark, true);
        return leader;
    } catch (const NotImplemented&) {
        log_.withdrawn(mark);  // who cannot look has not tried to
        throw;
    } catch (const Error& error) {
        log_.failed(mark, error);
        throw;
    }
}

}  // namespace conclave::scenarios
