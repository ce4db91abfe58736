// Many threads on one coordinator.

#include "threads.hpp"

namespace conclave {
namespace {

using CoordinatorThreads = Threads;
constexpr int rounds = 6;

/// One of everything. False when a stop ended the lock first.
bool use(Coordinator& coordinator, int thread) {
    const std::string group = "g" + std::to_string(thread);
    coordinator.join_group_create(group, Value(thread)).get();
    EXPECT_EQ(coordinator.get_members(group).get(), std::set<std::string>{"me"});
    EXPECT_EQ(coordinator.get_member_capabilities(group, "me").get(), Value(thread));
    const WatchId watch = coordinator.watch_join_group(group, [](const MemberJoinedGroup&) {});
    const WatchId left = coordinator.watch_leave_group(group, [](const MemberLeftGroup&) {});
    coordinator.run_watchers();
    const auto lock = coordinator.get_lock("shared");
    const bool held = lock->acquire() && lock->acquired();
    const bool released = lock->release();
    coordinator.unwatch_join_group(group, watch);
    coordinator.unwatch_leave_group(group, left);
    EXPECT_GT(coordinator.member_until(group), TimePoint::min());
    coordinator.leave_group(group).get();
    return held && released;
}

TEST_F(CoordinatorThreads, DoEverythingAtOnce) {
    const auto me = coordinator("me");
    at_once([&](int thread) {
        for (int round = 0; round < rounds; ++round) EXPECT_TRUE(use(*me, thread));
    });
    EXPECT_EQ(me->get_groups().get().size(), static_cast<std::size_t>(threads));
    me->stop();
}

TEST_F(CoordinatorThreads, AResultMayBeWaitedForByAll) {
    const auto me = coordinator("me");
    const AsyncResult<void> created = me->create_group("g");
    at_once([&](int) {
        created.get();
        EXPECT_TRUE(created.done());
    });
}

TEST_F(CoordinatorThreads, AStopInTheMiddleEndsAllOfThem) {
    const auto me = coordinator("me");
    Progress progress;
    std::jthread stopping([&] {
        progress.wait_for(2 * threads);
        me->stop(500ms);  // they go on beginning operations meanwhile
    });
    std::atomic<int> ended = 0;
    at_once([&](int thread) {
        try {
            for (;;) {
                use(*me, thread);
                progress.step();
            }
        } catch (const Error&) {
            ++ended;
        }
    });
    EXPECT_EQ(ended, threads);
    stopping.join();
    EXPECT_FALSE(me->is_started());
}

TEST_F(CoordinatorThreads, HooksMayCallTheCoordinator) {
    const auto me = coordinator("me");
    const auto other = coordinator("other");
    me->create_group("g").get();
    std::atomic<int> hooks = 0;
    me->watch_join_group("g", [&](const MemberJoinedGroup& event) {
        EXPECT_TRUE(me->get_members("g").get().contains(event.member_id));
        me->watch_leave_group("g", [&](const MemberLeftGroup&) { ++hooks; });
        ++hooks;
    });
    other->join_group("g").get();
    me->run_watchers();
    other->leave_group("g").get();
    me->run_watchers();
    EXPECT_EQ(hooks, 2);
}

TEST_F(CoordinatorThreads, OneOfAllRunsOfTheWatchersTellsAnEvent) {
    const auto me = coordinator("me");
    const auto other = coordinator("other");
    me->create_group("g").get();
    std::atomic<int> joins = 0;
    me->watch_join_group("g", [&](const MemberJoinedGroup&) { ++joins; });
    other->join_group("g").get();
    at_once([&](int) { me->run_watchers(); });
    EXPECT_EQ(joins, 1);
}

}  // namespace
}  // namespace conclave
