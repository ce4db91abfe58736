// What push=on adds: whoever waits sees what happens although polling could not, for it would look again
// in an hour.

#include "conclave/sync.hpp"
#include "handles.hpp"

namespace conclave::contract {
namespace {

using namespace std::chrono_literals;

constexpr ClientTimes hourly{.poll = 1h};
constexpr Duration long_enough = 30s;
const Options pushed{{"push", "on"}};

/// Runs `change` once `wait` has begun, and waits for both.
void meanwhile(Session& session, const std::function<void()>& wait,
               const std::function<void()>& change) {
    TaskGroup waiter(session.runtime().scheduler);
    waiter.spawn([&] { wait(); });
    sleep_for(session.runtime(), 300ms);
    change();
    waiter.join();
}

TEST_P(PushContract, AWaiterGetsTheLockOrTheLeadershipThatIsGivenUp) {
    in_place([](Session& session) {
        Client& one = session.client("one", pushed, hourly);
        Client& two = session.client("two", pushed, hourly);
        std::optional<HeldLock> held = one.mutex("L").acquire_for(0s);
        std::optional<HeldLock> next;
        meanwhile(
            session, [&] { next = two.mutex("L").acquire_for(long_enough); },
            [&] { EXPECT_TRUE(held->release()); });
        ASSERT_TRUE(next) << "released";
        held.reset();
        meanwhile(
            session, [&] { held = one.mutex("L").acquire_for(long_enough); },
            [&] { EXPECT_TRUE(two.mutex("L").break_lock()); });
        EXPECT_TRUE(held) << "broken";
        std::optional<Leadership> led = one.election("G").campaign_for(0s);
        std::optional<Leadership> leads;
        meanwhile(
            session, [&] { leads = two.election("G").campaign_for(long_enough); },
            [&] { EXPECT_TRUE(led->resign()); });
        EXPECT_TRUE(leads) << "resigned";
    });
}

TEST_P(PushContract, AWatchSeesWhoJoinsAndWhoLeaves) {
    in_place([](Session& session) {
        Group ours = session.client("one", pushed, hourly).group("group");
        ours.create();
        GroupWatch watch = ours.watch();
        EXPECT_EQ(watch.next(long_enough)->kind, GroupEvent::Kind::snapshot);
        std::optional<GroupEvent> event;
        Group theirs = session.client("two", pushed, hourly).group("group");
        std::optional<Membership> member;
        const auto next = [&] { event = watch.next(long_enough); };
        meanwhile(session, next, [&] { member = theirs.join(); });
        ASSERT_TRUE(event);
        EXPECT_EQ(event->kind, GroupEvent::Kind::joined);
        meanwhile(session, next, [&] { EXPECT_TRUE(member->leave()); });
        ASSERT_TRUE(event);
        EXPECT_EQ(event->kind, GroupEvent::Kind::left);
        EXPECT_EQ(event->revision, 3u) << "and nothing twice";
    });
}

using enum PlaceKind::Backend;
INSTANTIATE_TEST_SUITE_P(Redis, PushContract, testing::ValuesIn(place_kinds({server, replicated})),
                         name_of_place);

}  // namespace
}  // namespace conclave::contract
