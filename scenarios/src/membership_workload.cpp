// Memberships through handles, and the pushed watch.

#include "workload.hpp"

namespace conclave::scenarios {

namespace {

using properties::WatchEvent;

/// Joins one group, reads its members, watches it, leaves and joins again.
class MembershipWorkload final : public Workload {
public:
    MembershipWorkload(const WorkloadParts& parts, Client& client)
        : Workload(parts),
          group_(client.group("group")),
          watcher_(process_.name() + "#" + std::to_string(process_.incarnation())) {}

    void begin() override { join(); }

    void step(const Step& step) override {
        if (step.action == "join") return join();
        if (step.action == "leave") return leave();
        if (step.action == "delete") return remove();
        read();
    }

    void end() override {
        leave();
        watch_.reset();
    }

private:
    void join() {
        if (membership_) return;
        properties::Operation& operation =
            recorder_.call(process_.name(), "join", group_.id().bytes());
        recorder_.comes_back(operation);
        recorded(recorder_, operation, [&]() -> std::string {
            try {
                membership_ = group_.join(Value(process_.incarnation()));
            } catch (const MemberAlreadyExist&) {
                judge_join(operation, false);
                return "was a member already";
            }
            judge_join(operation, true);
            presence_ = &recorder_.arrive(
                process_, group_.id().bytes(),
                [validity = membership_->validity()] { return validity.until(); });
            return "joined";
        });
    }

    void leave() {
        if (!membership_) return;
        recorder_.depart(*std::exchange(presence_, nullptr));
        properties::Operation& operation =
            recorder_.call(process_.name(), "leave", group_.id().bytes());
        recorded(recorder_, operation,
                 [&] { return membership_->leave() ? "left" : "was no member any more"; });
        membership_.reset();
    }

    void remove() {
        properties::Operation& operation =
            recorder_.call(process_.name(), "delete", group_.id().bytes());
        recorded(recorder_, operation, [&] {
            group_.remove();
            return "deleted";
        });
    }

    /// Who was lost joins again at the next step.
    void drop_lost() {
        if (!membership_ || membership_->valid()) return;
        recorder_.depart(*std::exchange(presence_, nullptr));
        membership_.reset();
    }

    void read() {
        drop_lost();
        if (plan_.workload == "group") join();
        if (plan_.workload == "group") watch();
        properties::Operation& operation =
            recorder_.call(process_.name(), "members", group_.id().bytes());
        recorded(recorder_, operation, [&] {
            std::set<std::string> members =
                read_group(operation, [this] { return members_now(); });
            const std::size_t count = members.size();
            recorder_.history().reads.push_back({process_.name(), group_.id().bytes(),
                                                 operation.call_ns, recorder_.now(),
                                                 std::move(members)});
            return std::to_string(count) + " members";
        });
        pull();
    }

    /// Nobody is in a group that does not exist.
    std::set<std::string> members_now() {
        try {
            return texts(group_.members());
        } catch (const GroupNotCreated&) {
            return {};
        }
    }

    void watch() {
        if (watch_) return;
        try {
            watch_.emplace(group_.watch());
        } catch (const Error&) {
            return;  // tried again at the next read
        }
    }

    void pull() {
        while (watch_) {
            const std::optional<GroupEvent> event = watch_->next(Duration::zero());
            if (!event) return;
            tell(*event);
            record(*event);
        }
    }

    /// The watch looks on a fiber of its own: ours knows of it from now on.
    void tell(const GroupEvent& event) {
        CallLog* const calls = recorder_.calls();
        const Deadline deadline(saturating_add(event.asked, ClientTimes{}.operation));
        if (calls)
            scenarios::tell(*calls, {process_.name(), process_.incarnation()}, group_.id().bytes(),
                            deadline);
    }

    void record(const GroupEvent& event) {
        const auto kind = event.kind == GroupEvent::Kind::joined ? WatchEvent::Kind::joined
                          : event.kind == GroupEvent::Kind::left ? WatchEvent::Kind::left
                                                                 : WatchEvent::Kind::snapshot;
        recorder_.history().watch_events.push_back({watcher_, group_.id().bytes(), kind,
                                                    event.member.bytes(), texts(event.members),
                                                    recorder_.now()});
    }

    static std::set<std::string> texts(const std::set<MemberId>& members) {
        std::set<std::string> all;
        for (const MemberId& member : members) all.insert(member.bytes());
        return all;
    }

    Group group_;
    const std::string watcher_;
    std::optional<Membership> membership_;
    Recorder::OpenPresence* presence_ = nullptr;
    std::optional<GroupWatch> watch_;
};

}  // namespace

std::unique_ptr<Workload> make_membership_workload(WorkloadParts parts, Client& client) {
    return std::make_unique<MembershipWorkload>(parts, client);
}

}  // namespace conclave::scenarios
