#include "workload.hpp"

namespace conclave::scenarios {

namespace {

using properties::WatchEvent;

/// Joins one group, reads its members, watches it, leaves and joins again.
class GroupWorkload final : public Workload {
public:
    GroupWorkload(const WorkloadParts& parts, Coordinator& coordinator)
        : Workload(parts), coordinator_(coordinator) {}

    void begin() override { join(); }

    void step(const Step& step) override {
        if (step.action == "join") return join();
        if (step.action == "leave") return leave();
        read();
    }

    /// stop() leaves the group.
    void end() override {
        if (presence_) recorder_.depart(*std::exchange(presence_, nullptr));
    }

private:
    static inline const std::string group = "group";

    void join() {
        if (presence_) return;
        properties::Operation& operation = recorder_.call(process_.name(), "join", group);
        recorder_.comes_back(operation);
        recorded(recorder_, operation, [&]() -> std::string {
            Errand errand = begin_errand();
            try {
                coordinator_.join_group_create(group, Value(process_.incarnation())).get();
                errand.done();
            } catch (const MemberAlreadyExist&) {
                errand.done();
                judge_join(operation, false);
                return "was a member already";
            }
            judge_join(operation, true);
            presence_ = &recorder_.arrive(process_, group, [&coordinator = coordinator_] {
                return coordinator.member_until(group);
            });
            return "joined";
        });
    }

    void leave() {
        if (presence_) recorder_.depart(*std::exchange(presence_, nullptr));
        properties::Operation& operation = recorder_.call(process_.name(), "leave", group);
        recorded(recorder_, operation, [&] {
            Errand errand = begin_errand();
            coordinator_.leave_group(group).get();
            errand.done();
            return "left";
        });
    }

    void read() {
        watch();
        properties::Operation& operation = recorder_.call(process_.name(), "members", group);
        recorded(recorder_, operation, [&] {
            const std::set<std::string> members =
                read_group(operation, [this] { return members_now(); });
            recorder_.history().reads.push_back(
                {process_.name(), group, operation.call_ns, recorder_.now(), members});
            coordinator_.run_watchers();
            return std::to_string(members.size()) + " members";
        });
    }

    /// Nobody is in a group that does not exist.
    std::set<std::string> members_now() {
        std::set<std::string> members;
        Errand errand = begin_errand();
        try {
            members = coordinator_.get_members(group).get();
        } catch (const GroupNotCreated&) {
        }
        errand.done();
        return members;
    }

    /// The coordinator calls on fibers of its own, and we wait for it.
    Errand begin_errand() {
        return Errand(recorder_.calls(), {process_.name(), process_.incarnation()});
    }

    void watch() {
        if (watching_) return;
        const std::string watcher = process_.name() + "#" + std::to_string(process_.incarnation());
        const auto tell = [this, watcher](WatchEvent::Kind kind, const std::string& member) {
            recorder_.history().watch_events.push_back(
                {watcher, group, kind, member, {}, recorder_.now()});
        };
        try {
            coordinator_.watch_join_group(group, [tell](const MemberJoinedGroup& event) {
                tell(WatchEvent::Kind::joined, event.member_id);
            });
            coordinator_.watch_leave_group(group, [tell](const MemberLeftGroup& event) {
                tell(WatchEvent::Kind::left, event.member_id);
            });
        } catch (const Error&) {
            return;  // tried again at the next read
        }
        watching_ = true;
        recorder_.history().watch_events.push_back({watcher, group, WatchEvent::Kind::snapshot, "",
                                                    coordinator_.watched_members(group),
                                                    recorder_.now()});
    }

    Coordinator& coordinator_;
    Recorder::OpenPresence* presence_ = nullptr;
    bool watching_ = false;
};

}  // namespace

std::unique_ptr<Workload> make_group_workload(WorkloadParts parts, Coordinator& coordinator) {
    return std::make_unique<GroupWorkload>(parts, coordinator);
}

}  // namespace conclave::scenarios
