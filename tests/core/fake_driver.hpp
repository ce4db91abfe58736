#pragma once

// A driver for FakeBackend: enough to test what is written once above all drivers.

#include "fake_groups.hpp"
#include "fake_link.hpp"

namespace conclave::testing {

class FakeLocks final : public Locks {
public:
    explicit FakeLocks(FakeLink& link) : link_(link) {}
    std::optional<Lease> try_acquire(const std::string& name, const std::string& owner,
                                     Deadline deadline) override {
        return link_.take(locks(), name, owner, deadline);
    }
    bool renew(Lease& lease, Deadline deadline) override {
        return link_.renew(locks(), lease, deadline);
    }
    bool release(const Lease& lease, Deadline deadline) override {
        return link_.give_back(locks(), lease, deadline);
    }
    bool break_lock(const std::string& name, Deadline deadline) override {
        return link_.call(deadline, [&] { return locks().erase(name) > 0; });
    }
    std::optional<Holder> holder(const std::string& name, Deadline deadline) override {
        return link_.call(deadline, [&]() -> std::optional<Holder> {
            if (!link_.alive(locks(), name)) return std::nullopt;
            return Holder{locks()[name].owner, locks()[name].member_id, locks()[name].token};
        });
    }
    bool break_holder(const std::string& name, const Holder& holder, Deadline deadline) override {
        return link_.give_back(locks(), {name, holder.owner, holder.token, {}}, deadline);
    }
    bool is_owner(const Lease& lease, Deadline deadline) override {
        return link_.call(deadline, [&] { return link_.owns(locks(), lease); });
    }
    std::string new_owner() override { return link_.new_owner(); }
    Duration ttl() const noexcept override { return fake_ttl; }

private:
    FakeBackend::Entries& locks() { return link_.backend.locks; }
    FakeLink& link_;
};

class FakeElections final : public Elections {
public:
    explicit FakeElections(FakeLink& link) : link_(link) {}
    std::optional<Lease> try_lead(const std::string& group, const std::string& owner,
                                  Deadline deadline) override {
        return link_.take(leaders(), group, owner, deadline);
    }
    bool renew(Lease& leadership, Deadline deadline) override {
        return link_.renew(leaders(), leadership, deadline);
    }
    bool resign(const Lease& leadership, Deadline deadline) override {
        return link_.give_back(leaders(), leadership, deadline);
    }
    Leader get_leader(const std::string& group, Deadline deadline) override {
        return link_.call(deadline, [&]() -> Leader {
            if (!link_.alive(leaders(), group)) return {};
            return {Leader::Known::member, leaders()[group].member_id};
        });
    }
    std::string new_owner() override { return link_.new_owner(); }

private:
    FakeBackend::Entries& leaders() { return link_.backend.leaders; }
    FakeLink& link_;
};

class FakeDriver final : public Driver {
public:
    explicit FakeDriver(FakeLink& link, bool with_facets = true)
        : link_(link), with_facets_(with_facets) {}

    void start(Deadline deadline) override {
        link_.call(deadline, [] {});
        started_ = true;
    }
    void stop(Deadline) override { started_ = false; }
    Beat heartbeat(Deadline deadline) override {
        return link_.call(deadline, [&] {
            ++beats_;
            return Beat{fake_ttl, {}, {}};
        });
    }
    Claims claims() const override { return {}; }
    Locks* locks() noexcept override { return with_facets_ ? &locks_ : nullptr; }
    Groups* groups() noexcept override { return with_facets_ ? &groups_ : nullptr; }
    Elections* elections() noexcept override { return with_facets_ ? &elections_ : nullptr; }

    Changes* changes() noexcept override { return link_.changes; }

    bool started() const noexcept { return started_; }
    int beats() const noexcept { return beats_; }

private:
    FakeLink& link_;
    const bool with_facets_;
    FakeLocks locks_{link_};
    FakeGroups groups_{link_};
    FakeElections elections_{link_};
    bool started_ = false;
    int beats_ = 0;
};

}  // namespace conclave::testing
