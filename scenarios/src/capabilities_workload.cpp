// Members that change their capabilities while others read them: one of them, or all.

#include "workload.hpp"

namespace conclave::scenarios {

namespace {

class CapabilitiesWorkload : public Workload {
public:
    explicit CapabilitiesWorkload(const WorkloadParts& parts) : Workload(parts) {}

    void begin() override { attempt("join", [this] { join_again(); }); }

    void step(const Step& step) override {
        if (step.action == "join") return begin();
        if (step.action == "leave") return attempt("leave", [this] { leave(); });
        if (step.action == "update")
            return attempt("update", [this] { is_member() ? update() : join_again(); });
        if (step.action == "look") return attempt("look", [&] { look(step.object); });
        attempt("members", [this] { read(); });
    }

protected:
    static inline const std::string group = "group";

    /// What is written is replaced by what tells versions apart.
    Value any() const { return Value(process_.incarnation()); }

private:
    virtual bool is_member() = 0;
    virtual void join() = 0;
    virtual void leave() = 0;
    virtual void update() = 0;
    virtual void look(const std::string& member) = 0;
    virtual void read() = 0;

    /// What is no member, or cannot be one yet, is an answer.
    void attempt(const char* what, const std::function<void()>& body) {
        recorded(recorder_, recorder_.call(process_.name(), what, group), [&]() -> std::string {
            try {
                body();
            } catch (const MemberNotJoined& error) {
                return error.what();
            } catch (const MemberAlreadyExist& error) {
                return error.what();
            } catch (const GroupNotCreated& error) {
                return error.what();
            }
            return "done";
        });
    }

    void join_again() {
        if (!is_member()) join();
    }
};

class HandleCapabilities final : public CapabilitiesWorkload {
public:
    HandleCapabilities(const WorkloadParts& parts, Client& client)
        : CapabilitiesWorkload(parts), group_(client.group(group)) {}

    void end() override { membership_.reset(); }

private:
    bool is_member() override { return membership_ && membership_->valid(); }
    void join() override {
        membership_.reset();
        membership_ = group_.join(any());
    }
    void leave() override {
        if (membership_) membership_->leave();
        membership_.reset();
    }
    void update() override { membership_->update(any()); }
    void look(const std::string& member) override { group_.capabilities(MemberId(member)); }
    void read() override { group_.members_with_capabilities(); }

    Group group_;
    std::optional<Membership> membership_;
};

class CoordinatorCapabilities final : public CapabilitiesWorkload {
public:
    CoordinatorCapabilities(const WorkloadParts& parts, Coordinator& coordinator)
        : CapabilitiesWorkload(parts), coordinator_(coordinator) {}

private:
    bool is_member() override {
        return process_.runtime().clock.now() < coordinator_.member_until(group);
    }
    void join() override { coordinator_.join_group_create(group, any()).get(); }
    void leave() override { coordinator_.leave_group(group).get(); }
    void update() override { coordinator_.update_capabilities(group, any()).get(); }
    void look(const std::string& member) override {
        coordinator_.get_member_capabilities(group, member).get();
    }
    void read() override { coordinator_.get_members(group).get(); }

    Coordinator& coordinator_;
};

}  // namespace

std::unique_ptr<Workload> make_capabilities_workload(WorkloadParts parts, Client& client) {
    return std::make_unique<HandleCapabilities>(parts, client);
}
std::unique_ptr<Workload> make_capabilities_workload(WorkloadParts parts,
                                                     Coordinator& coordinator) {
    return std::make_unique<CoordinatorCapabilities>(parts, coordinator);
}

}  // namespace conclave::scenarios
