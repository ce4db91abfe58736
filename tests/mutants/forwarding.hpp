#pragma once

// A right driver behind facets that forward everything: a mutant overrides the one thing it does wrong.

#include <memory>

#include "conclave/driver.hpp"

namespace conclave::mutants {

class ForwardingLocks : public Locks {
public:
    explicit ForwardingLocks(Locks& right) : right_(right) {}
    std::optional<Lease> try_acquire(const std::string& name, const std::string& owner,
                                     Deadline deadline) override {
        return right_.try_acquire(name, owner, deadline);
    }
    bool renew(Lease& lease, Deadline deadline) override { return right_.renew(lease, deadline); }
    bool release(const Lease& lease, Deadline deadline) override {
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

protected:
    Locks& right_;
};

class ForwardingElections : public Elections {
public:
    explicit ForwardingElections(Elections& right) : right_(right) {}
    std::optional<Lease> try_lead(const std::string& group, const std::string& owner,
                                  Deadline deadline) override {
        return right_.try_lead(group, owner, deadline);
    }
    bool renew(Lease& leadership, Deadline deadline) override {
        return right_.renew(leadership, deadline);
    }
    bool resign(const Lease& leadership, Deadline deadline) override {
        return right_.resign(leadership, deadline);
    }
    Leader get_leader(const std::string& group, Deadline deadline) override {
        return right_.get_leader(group, deadline);
    }
    std::string new_owner() override { return right_.new_owner(); }

protected:
    Elections& right_;
};

class ForwardingGroups : public Groups {
public:
    explicit ForwardingGroups(Groups& right) : right_(right) {}
    void create_group(const std::string& group, Deadline deadline) override {
        right_.create_group(group, deadline);
    }
    void delete_group(const std::string& group, Deadline deadline) override {
        right_.delete_group(group, deadline);
    }
    std::vector<std::string> get_groups(Deadline deadline) override {
        return right_.get_groups(deadline);
    }
    void join_group(const std::string& group, const Value& capabilities,
                    Deadline deadline) override {
        right_.join_group(group, capabilities, deadline);
    }
    void leave_group(const std::string& group, Deadline deadline) override {
        right_.leave_group(group, deadline);
    }
    std::set<std::string> get_members(const std::string& group, Deadline deadline) override {
        return right_.get_members(group, deadline);
    }
    std::map<std::string, Value> get_members_with_capabilities(const std::string& group,
                                                               Deadline deadline) override {
        return right_.get_members_with_capabilities(group, deadline);
    }
    Value get_member_capabilities(const std::string& group, const std::string& member,
                                  Deadline deadline) override {
        return right_.get_member_capabilities(group, member, deadline);
    }
    void update_capabilities(const std::string& group, const Value& capabilities,
                             Deadline deadline) override {
        right_.update_capabilities(group, capabilities, deadline);
    }
    Value get_member_info(const std::string& group, const std::string& member,
                          Deadline deadline) override {
        return right_.get_member_info(group, member, deadline);
    }

protected:
    Groups& right_;
};

class ForwardingDriver : public Driver {
public:
    explicit ForwardingDriver(std::unique_ptr<Driver> right) : right_(std::move(right)) {}
    void start(Deadline deadline) override { right_->start(deadline); }
    void stop(Deadline deadline) override { right_->stop(deadline); }
    Beat heartbeat(Deadline deadline) override { return right_->heartbeat(deadline); }
    bool requires_beating() const override { return right_->requires_beating(); }
    Claims claims() const override { return right_->claims(); }
    Locks* locks() noexcept override { return right_->locks(); }
    Locks* shared_locks() noexcept override { return right_->shared_locks(); }
    Groups* groups() noexcept override { return right_->groups(); }
    Elections* elections() noexcept override { return right_->elections(); }
    Changes* changes() noexcept override { return right_->changes(); }

protected:
    std::unique_ptr<Driver> right_;
};

}  // namespace conclave::mutants
