#include "workload.hpp"

namespace conclave::scenarios {

namespace {

using properties::WatchEvent;

/// Joins one group, reads its members, watches it, leaves and joins again.
class GroupWorkload final : public Workload {
public:
    explicit GroupWorkload(WorkloadParts parts) : parts_(parts) {}

    void begin() override { join(); }

    void step(const Step& step) override {
        if (step.action == "join") return join();
        if (step.action == "leave") return leave();
        read();
    }

    /// stop() leaves the group.
    void end() override {
        if (presence_) parts_.recorder.depart(*std::exchange(presence_, nullptr));
    }

private:
    static inline const std::string group = "group";

    void join() {
        auto& [process, plan, recorder, coordinator] = parts_;
        if (presence_) return;
        properties::Operation& operation = recorder.call(process.name(), "join", group);
        const bool joined = recorded(recorder, operation, [&]() -> std::string {
            try {
                coordinator.join_group_create(group, Value(process.incarnation()));
            } catch (const MemberAlreadyExist&) {
                // Left behind by our last incarnation, or by a join whose reply was lost: the beat
                // keeps it alive, but how long it has been there is not ours to say.
                return "was a member already";
            }
            presence_ = &recorder.arrive(process, group, [&coordinator] {
                return coordinator.member_until();
            });
            return "joined";
        });
        if (joined) recorder.came_back(process.name(), group);
    }

    void leave() {
        auto& [process, plan, recorder, coordinator] = parts_;
        if (presence_) recorder.depart(*std::exchange(presence_, nullptr));
        properties::Operation& operation = recorder.call(process.name(), "leave", group);
        recorded(recorder, operation, [&] {
            coordinator.leave_group(group);
            return "left";
        });
    }

    void read() {
        auto& [process, plan, recorder, coordinator] = parts_;
        watch();
        properties::Operation& operation = recorder.call(process.name(), "members", group);
        recorded(recorder, operation, [&] {
            const std::set<std::string> members = coordinator.get_members(group);
            recorder.history().reads.push_back(
                {process.name(), group, operation.call_ns, recorder.now(), members});
            coordinator.run_watchers();
            return std::to_string(members.size()) + " members";
        });
    }

    void watch() {
        if (watching_) return;
        Coordinator& coordinator = parts_.coordinator;
        const std::string watcher =
            parts_.process.name() + "#" + std::to_string(parts_.process.incarnation());
        const auto tell = [this, watcher](WatchEvent::Kind kind, const std::string& member) {
            parts_.recorder.history().watch_events.push_back(
                {watcher, group, kind, member, {}, parts_.recorder.now()});
        };
        try {
            coordinator.watch_join_group(group, [tell](const MemberJoinedGroup& event) {
                tell(WatchEvent::Kind::joined, event.member_id);
            });
            coordinator.watch_leave_group(group, [tell](const MemberLeftGroup& event) {
                tell(WatchEvent::Kind::left, event.member_id);
            });
        } catch (const Error&) {
            return;  // tried again at the next read
        }
        watching_ = true;
        parts_.recorder.history().watch_events.push_back({watcher, group,
                                                          WatchEvent::Kind::snapshot, "",
                                                          coordinator.watched_members(group),
                                                          parts_.recorder.now()});
    }

    WorkloadParts parts_;
    Recorder::OpenPresence* presence_ = nullptr;
    bool watching_ = false;
};

}  // namespace

std::unique_ptr<Workload> make_group_workload(WorkloadParts parts) {
    return std::make_unique<GroupWorkload>(parts);
}

}  // namespace conclave::scenarios
