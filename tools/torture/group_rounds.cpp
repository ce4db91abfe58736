#include <optional>

#include "rounds.hpp"

namespace conclave::torture {

namespace {

using scenarios::Observed;

/// Joins one group, reads its members many times, changes capabilities, leaves and joins again.
class GroupRounds : public Rounds {
public:
    explicit GroupRounds(Stage& stage) : stage_(stage), group_(stage.group()) {}

    void round() override {
        if (belief_) stage_.look(*belief_, held());
        const std::uint64_t choice = stage_.draw.below(12);
        if (!belief_) join();
        else if (choice == 0) leave();
        else if (choice < 3) update();
        else if (choice < 5) read_capabilities();
        else read();
    }

protected:
    virtual void join_group() = 0;
    virtual void leave_group() = 0;
    virtual void update() = 0;
    virtual void read_capabilities() = 0;
    virtual std::set<std::string> members() = 0;
    virtual Stage::Held held() = 0;

    Stage& stage_;
    const std::string group_;

private:
    void join() {
        const std::int64_t call_ns = stage_.now();
        if (!joins()) return read();
        belief_ = stage_.journal.believes({Observed::groups, group_, 0, call_ns, stage_.now(),
                                           nanoseconds(held().until())});
    }

    /// False while what our last incarnation left behind has not lapsed.
    bool joins() {
        try {
            join_group();
            return true;
        } catch (const MemberAlreadyExist&) {
            return false;
        }
    }

    void leave() {
        stage_.give_up(*belief_, held());
        belief_.reset();
        try {
            leave_group();
        } catch (const MemberNotJoined&) {
            // It had lapsed.
        }
    }

    void read() {
        const std::int64_t call_ns = stage_.now();
        std::set<std::string> found;
        try {
            found = members();
        } catch (const GroupNotCreated&) {
            // Nobody is in it.
        }
        const std::int64_t return_ns = stage_.now();
        std::set<std::string> processes;
        for (const std::string& member : found) processes.insert(stage_.process_of(member));
        stage_.journal.read_members(group_, call_ns, return_ns, processes);
    }

    std::optional<std::uint64_t> belief_;
};

class MembershipRounds final : public GroupRounds {
public:
    MembershipRounds(Stage& stage, Client& client)
        : GroupRounds(stage), handle_(client.group(stage.group())) {}

private:
    void join_group() override { membership_ = handle_.join(); }
    void leave_group() override {
        Membership leaving = std::move(*membership_);
        membership_.reset();
        leaving.leave();
    }
    void update() override { membership_->update({}); }
    void read_capabilities() override { handle_.members_with_capabilities(); }
    std::set<std::string> members() override {
        std::set<std::string> names;
        for (const MemberId& member : handle_.members()) names.insert(member.bytes());
        return names;
    }
    Stage::Held held() override {
        const Validity validity = membership_->validity();
        return {[validity] { return validity.valid(); }, [validity] { return validity.until(); }};
    }

    Group handle_;
    std::optional<Membership> membership_;
};

class MemberRounds final : public GroupRounds {
public:
    MemberRounds(Stage& stage, Coordinator& coordinator)
        : GroupRounds(stage), coordinator_(coordinator) {}

private:
    void join_group() override { coordinator_.join_group_create(group_).get(); }
    void leave_group() override { coordinator_.leave_group(group_).get(); }
    void update() override { coordinator_.update_capabilities(group_, {}).get(); }
    void read_capabilities() override {
        for (const std::string& member : members())
            coordinator_.get_member_capabilities(group_, member).get();
    }
    std::set<std::string> members() override { return coordinator_.get_members(group_).get(); }
    Stage::Held held() override {
        return {[this] { return stage_.runtime.clock.now() < coordinator_.member_until(group_); },
                [this] { return coordinator_.member_until(group_); }};
    }

    Coordinator& coordinator_;
};

}  // namespace

std::unique_ptr<Rounds> make_group_rounds(Stage& stage, Client& client) {
    return std::make_unique<MembershipRounds>(stage, client);
}
std::unique_ptr<Rounds> make_group_rounds(Stage& stage, Coordinator& coordinator) {
    return std::make_unique<MemberRounds>(stage, coordinator);
}

}  // namespace conclave::torture
