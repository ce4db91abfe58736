#pragma once

// Locks and elections that tell a CallLog what they are asked and what they answer.

#include <functional>
#include <map>
#include <string>

#include "conclave/driver.hpp"
#include "conclave/environment.hpp"
#include "conclave/scenarios/observed/call_log.hpp"

namespace conclave::scenarios {

/// What a lease lives at least, whatever the clock that measures it: 0 where none ends.
std::int64_t shortest_lease_ns(Duration ttl) noexcept;

/// What locks and elections have in common.
class HoldObserver {
public:
    /// `member`: for whom its owners act; empty where nobody reads for whom.
    HoldObserver(const Runtime& runtime, Observed kind, Duration ttl, const Incarnation& who,
                 std::string member, CallLog& log)
        : runtime_(runtime),
          kind_(kind),
          lease_ns_(shortest_lease_ns(ttl)),
          who_(who),
          member_(std::move(member)),
          log_(log) {}

    std::optional<Lease> acquire(const std::string& name, const std::string& owner,
                                 const std::function<std::optional<Lease>()>& ask);
    /// A release or renewal.
    bool ask(properties::Action action, const Lease& lease, const std::function<bool()>& ask);
    /// A read of a leader. Of one that left no id it tells nothing: that somebody leads names nobody.
    Leader read(const std::string& group, const std::function<Leader()>& ask);

private:
    void failed(CallLog::Mark mark, const Error& error, const std::string& owner);
    void done(CallLog::Mark mark, const std::string& owner);
    CallLog::Mark begin(properties::Action action, const std::string& name,
                        const std::string& owner);

    const Runtime& runtime_;
    Observed kind_;
    std::int64_t lease_ns_;
    const Incarnation who_;
    const std::string member_;
    CallLog& log_;
    /// Calls of unknown outcome whose repetition tells what became of them.
    std::map<std::pair<properties::Action, std::string>, CallLog::Mark> doubtful_;
};

class ObservedLocks final : public Locks {
public:
    ObservedLocks(const Runtime& runtime, Locks& right, const Incarnation& who, CallLog& log)
        : right_(right), observer_(runtime, Observed::locks, right.ttl(), who, {}, log) {}

    std::optional<Lease> try_acquire(const std::string& name, const std::string& owner,
                                     Deadline deadline) override {
        return observer_.acquire(name, owner,
                                 [&] { return right_.try_acquire(name, owner, deadline); });
    }
    bool renew(Lease& lease, Deadline deadline) override {
        return observer_.ask(properties::Action::renew, lease,
                             [&] { return right_.renew(lease, deadline); });
    }
    bool release(const Lease& lease, Deadline deadline) override {
        return observer_.ask(properties::Action::release, lease,
                             [&] { return right_.release(lease, deadline); });
    }
    // No workload breaks locks: an operator's act is none of the ten characteristics.
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
    Locks& right_;
    HoldObserver observer_;
};

class ObservedElections final : public Elections {
public:
    ObservedElections(const Runtime& runtime, Elections& right, const std::string& member,
                      Duration ttl, const Incarnation& who, CallLog& log)
        : right_(right), observer_(runtime, Observed::leaderships, ttl, who, member, log) {}

    std::optional<Lease> try_lead(const std::string& group, const std::string& owner,
                                  Deadline deadline) override {
        return observer_.acquire(group, owner,
                                 [&] { return right_.try_lead(group, owner, deadline); });
    }
    bool renew(Lease& lease, Deadline deadline) override {
        return observer_.ask(properties::Action::renew, lease,
                             [&] { return right_.renew(lease, deadline); });
    }
    bool resign(const Lease& lease, Deadline deadline) override {
        return observer_.ask(properties::Action::release, lease,
                             [&] { return right_.resign(lease, deadline); });
    }
    Leader get_leader(const std::string& group, Deadline deadline) override {
        return observer_.read(group, [&] { return right_.get_leader(group, deadline); });
    }
    std::string new_owner() override { return right_.new_owner(); }

private:
    Elections& right_;
    HoldObserver observer_;
};

}  // namespace conclave::scenarios
