// What a watch of a group must tell, over any driver, in every world.

#include <vector>

#include "conclave/sync.hpp"
#include "handles.hpp"

namespace conclave::contract {
namespace {

using namespace std::chrono_literals;
using Kind = GroupEvent::Kind;

constexpr Duration patience = 30s;

/// The next event, which has to be of `kind`.
GroupEvent next(GroupWatch& watch, Kind kind, std::uint64_t revision) {
    const std::optional<GroupEvent> event = watch.next(patience);
    if (!event) throw Error("no event came");
    EXPECT_EQ(event->kind, kind);
    EXPECT_EQ(event->revision, revision);
    return *event;
}

TEST_P(WatchContract, BeginsWithASnapshotAndGoesOnWithWhatChanges) {
    in_place([](Session& session) {
        Group ours = session.client("one").group("group");
        const Membership mine = ours.join();
        GroupWatch watch = ours.watch();
        EXPECT_EQ(next(watch, Kind::snapshot, 1).members, std::set<MemberId>{"one"});
        Membership theirs = session.client("two").group("group").join();
        EXPECT_EQ(next(watch, Kind::joined, 2).member, MemberId("two"));
        EXPECT_TRUE(theirs.leave());
        EXPECT_EQ(next(watch, Kind::left, 3).member, MemberId("two"));
        EXPECT_FALSE(watch.next(300ms)) << "nothing else has happened";
    });
}

TEST_P(WatchContract, TellsAnotherProcessesMembersToo) {
    in_place([this](Session& session) {
        Group ours = session.client("one").group("group");
        ours.create();
        GroupWatch watch = ours.watch();
        EXPECT_TRUE(next(watch, Kind::snapshot, 1).members.empty());
        elsewhere(session, [](Session& there) {
            const Membership theirs = there.client("two").group("group").join();
            sleep_for(there.runtime(), 1s);
        });
        EXPECT_EQ(next(watch, Kind::joined, 2).member, MemberId("two"));
        EXPECT_EQ(next(watch, Kind::left, 3).member, MemberId("two"));
    });
}

TEST_P(WatchContract, AGroupThatIsDeletedIsAnEmptyOneAndOneThatIsMissingIsAnError) {
    in_place([](Session& session) {
        Group ours = session.client("one").group("group");
        Group theirs = session.client("two").group("group");
        EXPECT_THROW((void)ours.watch(), GroupNotCreated);
        Membership member = theirs.join();
        GroupWatch watch = ours.watch();
        next(watch, Kind::snapshot, 1);
        EXPECT_TRUE(member.leave());
        theirs.remove();
        EXPECT_EQ(next(watch, Kind::left, 2).member, MemberId("two"));
    });
}

TEST_P(WatchContract, ASilentMembersLapseIsToldOnce) {
    in_place([](Session& session) {
        Group ours = session.client("one").group("group");
        ours.create();
        GroupWatch watch = ours.watch();
        next(watch, Kind::snapshot, 1);
        Driver& silent = session.connect("silent", brief());
        silent.groups()->join_group("group", Value(), session.soon());
        EXPECT_EQ(next(watch, Kind::joined, 2).member, MemberId("silent"));
        EXPECT_EQ(next(watch, Kind::left, 3).member, MemberId("silent"));
        EXPECT_FALSE(watch.next(300ms));
    });
}

TEST_P(WatchContract, AnExecutorIsHandedOneEventAtATimeInTheirOrder) {
    in_place([](Session& session) {
        Group ours = session.client("one").group("group");
        Group theirs = session.client("two").group("group");
        ours.create();
        std::vector<GroupEvent> told;
        const Executor at_once = [](const auto& task) { task(); };
        std::optional<GroupWatch> watch =
            ours.watch(at_once, [&](const GroupEvent& event) { told.push_back(event); });
        const auto wait_for = [&](std::size_t events) {
            EXPECT_TRUE(session.eventually([&] { return told.size() >= events; }));
        };
        wait_for(1);
        Membership member = theirs.join();
        wait_for(2);
        EXPECT_TRUE(member.leave());
        wait_for(3);
        watch.reset();
        member = theirs.join();
        sleep_for(session.runtime(), 500ms);
        ASSERT_EQ(told.size(), 3u) << "nothing is told once the watch has ended";
        for (std::size_t i = 0; i < told.size(); ++i) EXPECT_EQ(told[i].revision, i + 1);
        EXPECT_EQ(told[0].kind, Kind::snapshot);
        EXPECT_EQ(told[1].kind, Kind::joined);
        EXPECT_EQ(told[2].kind, Kind::left);
    });
}

TEST_P(WatchContract, EndsWithTheClient) {
    in_place([](Session& session) {
        Client& one = session.client("one");
        one.group("group").create();
        GroupWatch watch = one.group("group").watch();
        one.stop(20s);
        EXPECT_EQ(watch.next(patience)->kind, Kind::snapshot) << "what was queued may be read";
        EXPECT_FALSE(watch.next(patience));
    });
}

TEST_P(FailoverWatchContract, AGapIsToldWithWhoIsThereNow) {
    in_place([this](Session& session) {
        Group ours = session.client("one").group("group");
        const Membership mine = ours.join();
        GroupWatch watch = ours.watch();
        next(watch, Kind::snapshot, 1);
        place_->kill_master();
        const std::optional<GroupEvent> event = watch.next(2min);
        ASSERT_TRUE(event);
        EXPECT_EQ(event->kind, Kind::resynced);
        EXPECT_EQ(event->revision, 2u);
    });
}

using enum PlaceKind::Backend;
INSTANTIATE_TEST_SUITE_P(Any, WatchContract, testing::ValuesIn(place_kinds()), name_of_place);
INSTANTIATE_TEST_SUITE_P(Redis, FailoverWatchContract, testing::ValuesIn(place_kinds({replicated})),
                         name_of_place);

}  // namespace
}  // namespace conclave::contract
