// Wrongs that the ten characteristics are there to see, and some that the others must.

#include <deque>
#include <utility>

#include "conclave/fiber.hpp"
#include "forwarding.hpp"
#include "mutants.hpp"
#include "right_driver.hpp"

namespace conclave::mutants {

namespace {

using Members = std::map<std::string, Value>;

/// Answers from what it was told a moment ago.
class RememberedMembers final : public ForwardingGroups {
public:
    RememberedMembers(Runtime& runtime, Groups& right)
        : ForwardingGroups(right), runtime_(runtime) {}
    Members get_members_with_capabilities(const std::string& group, Deadline deadline) override {
        constexpr Duration fresh = std::chrono::milliseconds(300);
        const TimePoint now = runtime_.clock.now();
        if (!remembered_ || now - asked_ > fresh) {
            remembered_ = ForwardingGroups::get_members_with_capabilities(group, deadline);
            asked_ = now;
        }
        return *remembered_;
    }

private:
    Runtime& runtime_;
    std::optional<Members> remembered_;
    TimePoint asked_{};
};

/// Now and then answers what it had answered three reads ago.
class MembersOfThePast final : public ForwardingGroups {
public:
    using ForwardingGroups::ForwardingGroups;
    Members get_members_with_capabilities(const std::string& group, Deadline deadline) override {
        past_.push_back(ForwardingGroups::get_members_with_capabilities(group, deadline));
        if (past_.size() > 4) past_.pop_front();
        return ++reads_ % 7 == 0 ? past_.front() : past_.back();
    }

private:
    std::deque<Members> past_;
    int reads_ = 0;
};

/// Each fiber reads what it read up to 2 s ago, or its own last join or leave. So no fiber ever goes back,
/// but it may still read what its watch has told it is over.
class MembersOfEachFiber final : public ForwardingGroups {
public:
    MembersOfEachFiber(Runtime& runtime, Groups& right)
        : ForwardingGroups(right), runtime_(runtime) {}
    void join_group(const std::string& group, const Value& capabilities,
                    Deadline deadline) override {
        mine_.erase(here());
        ForwardingGroups::join_group(group, capabilities, deadline);
    }
    void leave_group(const std::string& group, Deadline deadline) override {
        mine_.erase(here());
        ForwardingGroups::leave_group(group, deadline);
    }
    Members get_members_with_capabilities(const std::string& group, Deadline deadline) override {
        constexpr Duration fresh = std::chrono::seconds(2);
        const TimePoint now = runtime_.clock.now();
        const auto known = mine_.find(here());
        if (known != mine_.end() && now - known->second.asked < fresh) return known->second.members;
        Members members = ForwardingGroups::get_members_with_capabilities(group, deadline);
        if (mine_.size() >= fibers_max) mine_.clear();
        mine_.insert_or_assign(here(), Read{now, members});
        return members;
    }

private:
    static constexpr std::size_t fibers_max = 1000;
    struct Read {
        TimePoint asked;
        Members members;
    };
    static std::uint64_t here() { return detail::running_fiber()->id; }
    Runtime& runtime_;
    std::map<std::uint64_t, Read> mine_;  ///< by fiber; the scenario has one group
};

/// A read that fails is answered from the last one that did not.
class LastMembers final : public ForwardingGroups {
public:
    using ForwardingGroups::ForwardingGroups;
    Members get_members_with_capabilities(const std::string& group, Deadline deadline) override {
        try {
            last_[group] = ForwardingGroups::get_members_with_capabilities(group, deadline);
        } catch (const GroupError&) {
            throw;
        } catch (const Error&) {
            if (!last_.contains(group)) throw;
        }
        return last_[group];
    }

private:
    std::map<std::string, Members> last_;
};

/// Says that it has left, and lets the membership lapse.
class LeaveNotAsked final : public ForwardingGroups {
public:
    using ForwardingGroups::ForwardingGroups;
    void leave_group(const std::string& group, Deadline deadline) override {
        if (++leaves_ % 3 == 0) return;
        ForwardingGroups::leave_group(group, deadline);
    }

private:
    int leaves_ = 0;
};

class GroupsDriver final : public ForwardingDriver {
public:
    GroupsDriver(std::unique_ptr<Driver> right,
                 const std::function<std::unique_ptr<Groups>(Groups&)>& wrong)
        : ForwardingDriver(std::move(right)), groups_(wrong(*right_->groups())) {}
    Groups* groups() noexcept override { return groups_.get(); }

private:
    std::unique_ptr<Groups> groups_;
};

/// Now and then answers what it had answered the last time.
class LeaderBefore final : public ForwardingElections {
public:
    using ForwardingElections::ForwardingElections;
    Leader get_leader(const std::string& group, Deadline deadline) override {
        const Leader before =
            std::exchange(last_[group], ForwardingElections::get_leader(group, deadline));
        return ++reads_ % 5 == 0 ? before : last_[group];
    }

private:
    std::map<std::string, Leader> last_;
    int reads_ = 0;
};

class ElectionsDriver final : public ForwardingDriver {
public:
    ElectionsDriver(std::unique_ptr<Driver> right,
                    const std::function<std::unique_ptr<Elections>(Elections&)>& wrong)
        : ForwardingDriver(std::move(right)), elections_(wrong(*right_->elections())) {}
    Elections* elections() noexcept override { return elections_.get(); }

private:
    std::unique_ptr<Elections> elections_;
};

/// A lock of each member's own.
class LockOfTheMember final : public ForwardingLocks {
public:
    LockOfTheMember(Locks& right, std::string member)
        : ForwardingLocks(right), member_(std::move(member)) {}
    std::optional<Lease> try_acquire(const std::string& name, const std::string& owner,
                                     Deadline deadline) override {
        std::optional<Lease> lease =
            ForwardingLocks::try_acquire(name + "." + member_, owner, deadline);
        if (lease) lease->name = name;
        return lease;
    }
    bool renew(Lease& lease, Deadline deadline) override {
        Lease own = of_member(lease);
        const bool renewed = ForwardingLocks::renew(own, deadline);
        lease.belief_until = own.belief_until;
        return renewed;
    }
    bool release(const Lease& lease, Deadline deadline) override {
        return ForwardingLocks::release(of_member(lease), deadline);
    }

private:
    Lease of_member(Lease lease) const {
        lease.name += "." + member_;
        return lease;
    }
    std::string member_;
};

/// Whoever asks through this driver is one and the same owner.
class OneOwner final : public ForwardingLocks {
public:
    using ForwardingLocks::ForwardingLocks;
    std::string new_owner() override {
        if (owner_.empty()) owner_ = ForwardingLocks::new_owner();
        return owner_;
    }

private:
    std::string owner_;
};

/// Believes that a renewal succeeds, and never asks.
class RenewalNotAsked final : public ForwardingLocks {
public:
    RenewalNotAsked(Runtime& runtime, Locks& right) : ForwardingLocks(right), runtime_(runtime) {}
    bool renew(Lease& lease, Deadline) override {
        lease.belief_until = runtime_.clock.now() + ttl() / 2;
        return true;
    }

private:
    Runtime& runtime_;
};

/// Says that it has released, and lets the lease lapse.
class ReleaseNotAsked final : public ForwardingLocks {
public:
    using ForwardingLocks::ForwardingLocks;
    bool release(const Lease& lease, Deadline deadline) override {
        return ++releases_ % 5 == 0 || ForwardingLocks::release(lease, deadline);
    }

private:
    int releases_ = 0;
};

class LocksDriver final : public ForwardingDriver {
public:
    LocksDriver(std::unique_ptr<Driver> right,
                const std::function<std::unique_ptr<Locks>(Locks&)>& wrong)
        : ForwardingDriver(std::move(right)), locks_(wrong(*right_->locks())) {}
    Locks* locks() noexcept override { return locks_.get(); }

private:
    std::unique_ptr<Locks> locks_;
};

/// Says that it has renewed its member.
class BeatNotAsked final : public ForwardingDriver {
public:
    explicit BeatNotAsked(std::unique_ptr<Driver> right) : ForwardingDriver(std::move(right)) {}
    Beat heartbeat(Deadline deadline) override {
        return ++beats_ == 1 ? ForwardingDriver::heartbeat(deadline) : Beat{timeout_, {}, {}};
    }

private:
    static constexpr Duration timeout_ = std::chrono::seconds(4);
    int beats_ = 0;
};

using Wrap = std::function<std::unique_ptr<Driver>(Runtime&, const std::string& member,
                                                   std::unique_ptr<Driver>)>;

DriverRegistry wrapped(const Wrap& wrap) {
    return registry_with("redis", [wrap](Runtime& runtime, const Url& url,
                                         const std::string& member_id, const Options& options) {
        return wrap(runtime, member_id, right_driver(runtime, url, member_id, options));
    });
}

template <class Wrong>
DriverRegistry wrong_groups() {
    return wrapped([](Runtime&, const std::string&, std::unique_ptr<Driver> right) {
        return std::make_unique<GroupsDriver>(
            std::move(right), [](Groups& groups) { return std::make_unique<Wrong>(groups); });
    });
}

template <class Wrong>
DriverRegistry wrong_locks() {
    return wrapped([](Runtime&, const std::string&, std::unique_ptr<Driver> right) {
        return std::make_unique<LocksDriver>(
            std::move(right), [](Locks& locks) { return std::make_unique<Wrong>(locks); });
    });
}

DriverRegistry leader_before() {
    return wrapped([](Runtime&, const std::string&, std::unique_ptr<Driver> right) {
        return std::make_unique<ElectionsDriver>(std::move(right), [](Elections& elections) {
            return std::make_unique<LeaderBefore>(elections);
        });
    });
}

template <class Wrong>
DriverRegistry wrong_groups_with_a_clock() {
    return wrapped([](Runtime& runtime, const std::string&, std::unique_ptr<Driver> right) {
        return std::make_unique<GroupsDriver>(std::move(right), [&](Groups& groups) {
            return std::make_unique<Wrong>(runtime, groups);
        });
    });
}

DriverRegistry lock_of_the_member() {
    return wrapped([](Runtime&, const std::string& member, std::unique_ptr<Driver> right) {
        return std::make_unique<LocksDriver>(std::move(right), [&](Locks& locks) {
            return std::make_unique<LockOfTheMember>(locks, member);
        });
    });
}

DriverRegistry renewal_not_asked() {
    return wrapped([](Runtime& runtime, const std::string&, std::unique_ptr<Driver> right) {
        return std::make_unique<LocksDriver>(std::move(right), [&](Locks& locks) {
            return std::make_unique<RenewalNotAsked>(runtime, locks);
        });
    });
}

DriverRegistry beat_not_asked() {
    return wrapped([](Runtime&, const std::string&, std::unique_ptr<Driver> right) {
        return std::make_unique<BeatNotAsked>(std::move(right));
    });
}

}  // namespace

std::vector<Mutant> characteristic_mutants() {
    return {
        {"members_remembered", "a read is answered from one that is up to 300 ms old",
         "redis/matrix/group", "same_view_across_clients sequential", 5,
         wrong_groups_with_a_clock<RememberedMembers>(), "reads of the past"},
        {"members_of_the_past", "now and then a read is answered from the third before it",
         "redis/matrix/group", "causal", 5, wrong_groups<MembersOfThePast>(), "reads of the past"},
        {"members_of_each_fiber", "each fiber reads what it read up to 2 s ago: its watch told it more",
         "redis/matrix/group", "causal", 5, wrong_groups_with_a_clock<MembersOfEachFiber>()},
        {"last_members", "a read that fails is answered from the last one",
         "redis/matrix/group", "same_view_under_partitions", 20, wrong_groups<LastMembers>()},
        {"leader_before", "now and then a read of the leader is answered from the one before it",
         "redis/matrix/leader", "same_view_across_clients linearizable", 5, leader_before()},
        {"leave_not_asked", "every third leave is only said",
         "redis/matrix/group", "linearizable", 5, wrong_groups<LeaveNotAsked>()},
        {"lock_of_the_member", "every member locks a name of its own",
         "redis/matrix/lock", "distributed_across_hosts", 5, lock_of_the_member()},
        {"one_owner_for_all", "all threads of a coordinator are one owner",
         "redis/matrix/lock_threads", "distributed_across_threads", 5, wrong_locks<OneOwner>()},
        {"renewal_not_asked", "a renewal is believed without asking",
         "redis/matrix/lock_processes", "exclusion", 5, renewal_not_asked()},
        {"release_not_asked", "every fifth release is only said",
         "redis/field/lost_reply_alone", "obtained_when_alone", 5, wrong_locks<ReleaseNotAsked>()},
        {"beat_not_asked", "only the first beat reaches the server",
         "redis/group_partition", "membership_accuracy", 5, beat_not_asked(), "beats not sent"},
    };
}

}  // namespace conclave::mutants
