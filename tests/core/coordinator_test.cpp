// The coordinator's life cycle, groups and their watches, over a fake backend.

#include "conclave/coordinator.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "coordinator_fixture.hpp"

namespace conclave {
namespace {

using namespace testing;

class Coordination : public CoordinatorTest {
protected:
    std::vector<std::string> seen;

    Hook<MemberJoinedGroup> note_join() {
        return [this](const MemberJoinedGroup& e) { seen.push_back("+" + e.member_id); };
    }
    Hook<MemberLeftGroup> note_leave() {
        return [this](const MemberLeftGroup& e) { seen.push_back("-" + e.member_id); };
    }
    std::size_t run_watchers(Member& member) {
        std::size_t ran = 0;
        on_fiber([&] { ran = member.coordinator->run_watchers().size(); });
        return ran;
    }
};

TEST_F(Coordination, StartsOnceAndStopsOnce) {
    on_fiber([&] {
        EXPECT_THROW(a.coordinator->stop(), Error);
        a.coordinator->start();
        EXPECT_TRUE(a.coordinator->is_started());
        EXPECT_THROW(a.coordinator->start(), Error);
        a.coordinator->stop();
        EXPECT_FALSE(a.coordinator->is_started());
        a.coordinator->start();
    });
}

TEST_F(Coordination, AFailedStartLeavesNothingBehindAndCanBeRepeated) {
    on_fiber([&] {
        a.link.next_fault = Fault::unreachable;
        EXPECT_THROW(a.coordinator->start(true), ConnectionError);
        EXPECT_FALSE(a.coordinator->is_started());
        EXPECT_FALSE(a.driver->started());
        a.coordinator->start(true);
        EXPECT_TRUE(a.driver->started());
    });
}

TEST_F(Coordination, BeatsThreeTimesATimeoutAndGoesOnAfterFailures) {
    start(a);
    const int first = a.driver->beats();
    scheduler.advance(fake_ttl);
    EXPECT_EQ(a.driver->beats() - first, 3);
    a.link.every_fault = Fault::unreachable;
    scheduler.advance(10 * fake_ttl);
    a.link.every_fault = Fault::none;
    const int before = a.driver->beats();
    scheduler.advance(fake_ttl);
    EXPECT_GE(a.driver->beats() - before, 2);
}

TEST_F(Coordination, WithoutHeartDoesNotBeatByItself) {
    start(a, false);
    const int first = a.driver->beats();
    scheduler.advance(10 * fake_ttl);
    EXPECT_EQ(a.driver->beats(), first);
    on_fiber([&] { EXPECT_EQ(a.coordinator->heartbeat(), fake_ttl); });
    EXPECT_EQ(a.driver->beats(), first + 1);
}

TEST_F(Coordination, NeedsToBeStarted) {
    on_fiber([&] {
        EXPECT_THROW(a.coordinator->create_group("g").get(), Error);
        EXPECT_THROW(a.coordinator->run_watchers(), Error);
        EXPECT_THROW(a.coordinator->watch_join_group("g", note_join()), Error);
        EXPECT_THROW(a.coordinator->heartbeat(), Error);
    });
}

TEST_F(Coordination, SaysWhatTheBackendCannotDo) {
    Member bare(gate, backend, "bare", false);
    on_fiber([&] {
        bare.coordinator->start();
        EXPECT_THROW(bare.coordinator->create_group("g").get(), NotImplemented);
        EXPECT_THROW(bare.coordinator->get_lock("L"), NotImplemented);
        EXPECT_THROW(bare.coordinator->get_leader("g").get(), NotImplemented);
        EXPECT_THROW(bare.coordinator->watch_elected_as_leader("g", [](const LeaderElected&) {}), NotImplemented);
        bare.coordinator->stop();
    });
}

TEST_F(Coordination, GroupsAndCapabilities) {
    start(a);
    start(b);
    on_fiber([&] {
        a.coordinator->create_group("g").get();
        EXPECT_THROW(a.coordinator->create_group("g").get(), GroupAlreadyExist);
        EXPECT_EQ(a.coordinator->get_groups().get(), std::vector<std::string>{"g"});
        a.coordinator->join_group("g", Value(Map{{"zone", "x"}})).get();
        EXPECT_THROW(a.coordinator->join_group("g").get(), MemberAlreadyExist);
        EXPECT_THROW(b.coordinator->join_group("missing").get(), GroupNotCreated);
        b.coordinator->join_group("g").get();
        EXPECT_EQ(b.coordinator->get_members("g").get(), (std::set<std::string>{"a", "b"}));
        EXPECT_EQ(b.coordinator->get_member_capabilities("g", "a").get(), Value(Map{{"zone", "x"}}));
        a.coordinator->update_capabilities("g", 7).get();
        EXPECT_EQ(b.coordinator->get_members_with_capabilities("g").get().at("a"), Value(7));
        EXPECT_THROW(a.coordinator->delete_group("g").get(), GroupNotEmpty);
        a.coordinator->leave_group("g").get();
        EXPECT_THROW(a.coordinator->leave_group("g").get(), MemberNotJoined);
        b.coordinator->leave_group("g").get();
        a.coordinator->delete_group("g").get();
        EXPECT_TRUE(a.coordinator->get_groups().get().empty());
    });
}

TEST_F(Coordination, AMemberWhoseCapabilitiesNobodyCanReadStopsNoPartitioner) {
    start(a);
    start(b);
    on_fiber([&] {
        b.coordinator->join_group_create("g", Map{{"weight", 3}}).get();
        backend.unreadable = {"b"};
        EXPECT_THROW(a.coordinator->get_members_with_capabilities("g").get(), SerializationError);
        const auto parts = a.coordinator->join_partitioned_group("g", 2);
        // A weight that cannot be known is one.
        EXPECT_EQ(parts->ring().nodes(), (NodeWeights{{"a", 2}, {"b", 1}}));
        b.coordinator->leave_group("g").get();
        a.coordinator->run_watchers();
        EXPECT_EQ(parts->ring().nodes(), (NodeWeights{{"a", 2}}));
        b.coordinator->join_group("g").get();
        a.coordinator->update_capabilities("g", Map{{"weight", 5}}).get();
        a.coordinator->run_watchers();
        EXPECT_EQ(parts->ring().nodes(), (NodeWeights{{"a", 5}, {"b", 1}}));
        EXPECT_FALSE(parts->behind());
        backend.unreadable.clear();
        parts->stop();
    });
}

TEST_F(Coordination, JoinGroupCreateMakesTheGroupWithoutWaiting) {
    start(a);
    start(b);
    const TimePoint before = now();
    on_fiber([&] {
        a.coordinator->join_group_create("g", 1).get();
        b.coordinator->join_group_create("g", 2).get();
    });
    EXPECT_EQ(now(), before);
    EXPECT_EQ(backend.groups.at("g").size(), 2u);
}

TEST_F(Coordination, StopLeavesEveryJoinedGroup) {
    start(a);
    on_fiber([&] {
        a.coordinator->join_group_create("g").get();
        a.coordinator->join_group_create("h").get();
        a.coordinator->stop();
    });
    EXPECT_TRUE(backend.groups.at("g").empty());
    EXPECT_TRUE(backend.groups.at("h").empty());
}

TEST_F(Coordination, StopAlsoLeavesAGroupWhoseJoinHadNoAnswer) {
    start(a);
    on_fiber([&] {
        a.coordinator->create_group("g").get();
        a.link.next_fault = Fault::lost_reply;
        EXPECT_THROW(a.coordinator->join_group("g").get(), ConnectionError);
        a.coordinator->stop();
    });
    EXPECT_TRUE(backend.groups.at("g").empty());
}

TEST_F(Coordination, WatchesTellJoinsBeforeLeavesAndNothingTwice) {
    start(a);
    backend.groups["g"] = {{"old", {}}, {"stays", {}}};
    on_fiber([&] {
        a.coordinator->watch_leave_group("g", note_leave());
        a.coordinator->watch_join_group("g", note_join());
    });
    EXPECT_EQ(run_watchers(a), 0u) << "who was there before the watch is no event";
    backend.groups["g"] = {{"new", {}}, {"stays", {}}};
    EXPECT_EQ(run_watchers(a), 2u);
    EXPECT_EQ(seen, (std::vector<std::string>{"+new", "-old"}));
    EXPECT_EQ(run_watchers(a), 0u);
}

TEST_F(Coordination, ADeletedGroupHasLostItsMembers) {
    start(a);
    backend.groups["g"] = {{"m", {}}};
    on_fiber([&] { a.coordinator->watch_leave_group("g", note_leave()); });
    backend.groups.clear();
    run_watchers(a);
    EXPECT_EQ(seen, std::vector<std::string>{"-m"});
}

TEST_F(Coordination, AWatchOfAMissingGroupRegistersNothing) {
    start(a);
    on_fiber(
        [&] { EXPECT_THROW(a.coordinator->watch_join_group("g", note_join()), GroupNotCreated); });
    backend.groups["g"] = {{"m", {}}};
    EXPECT_EQ(run_watchers(a), 0u);
}

TEST_F(Coordination, AHookThatThrowsDoesNotHideTheOthers) {
    start(a);
    backend.groups["g"] = {};
    on_fiber([&] {
        a.coordinator->watch_join_group(
            "g", [](const MemberJoinedGroup&) { throw std::runtime_error("hook"); });
        a.coordinator->watch_join_group("g", note_join());
    });
    backend.groups["g"] = {{"m", {}}};
    on_fiber([&] { EXPECT_THROW(a.coordinator->run_watchers(), std::runtime_error); });
    EXPECT_EQ(seen, std::vector<std::string>{"+m"});
    EXPECT_EQ(run_watchers(a), 0u);
}

TEST_F(Coordination, ABackendThatFailsLosesNoEvent) {
    start(a);
    backend.groups["g"] = {};
    on_fiber([&] { a.coordinator->watch_join_group("g", note_join()); });
    backend.groups["g"] = {{"m", {}}};
    a.link.next_fault = Fault::unreachable;
    on_fiber([&] { EXPECT_THROW(a.coordinator->run_watchers(), ConnectionError); });
    EXPECT_TRUE(seen.empty());
    run_watchers(a);
    EXPECT_EQ(seen, std::vector<std::string>{"+m"});
}

TEST_F(Coordination, UnwatchEndsOneRegistration) {
    start(a);
    backend.groups["g"] = {};
    on_fiber([&] {
        const WatchId first = a.coordinator->watch_join_group("g", note_join());
        a.coordinator->watch_join_group("g", note_join());
        a.coordinator->unwatch_join_group("g", first);
        EXPECT_THROW(a.coordinator->unwatch_join_group("g", first), WatchCallbackNotFound);
        EXPECT_THROW(a.coordinator->unwatch_leave_group("g", first), WatchCallbackNotFound);
        EXPECT_THROW(a.coordinator->unwatch_lost_leadership("h", first), WatchCallbackNotFound);
    });
    backend.groups["g"] = {{"m", {}}};
    EXPECT_EQ(run_watchers(a), 1u);
}

TEST_F(Coordination, AMemberThatWasBootedOutIsNotLeftAtStop) {
    start(a);
    on_fiber([&] {
        a.coordinator->join_group_create("g").get();
        a.coordinator->watch_leave_group("g", note_leave());
    });
    backend.groups["g"].erase("a");
    run_watchers(a);
    EXPECT_EQ(seen, std::vector<std::string>{"-a"});
    on_fiber([&] { a.coordinator->stop(); });
    EXPECT_EQ(std::count(environment.events.names.begin(), environment.events.names.end(),
                         "stop_step_failed"),
              0);
}

TEST_F(Coordination, ConcurrentPassesTellEachEventOnce) {
    start(a);
    backend.groups["g"] = {};
    on_fiber([&] { a.coordinator->watch_join_group("g", note_join()); });
    backend.groups["g"] = {{"m", {}}};
    for (int i = 0; i < 2; ++i) group.spawn([&] { a.coordinator->run_watchers(); });
    scheduler.run();
    EXPECT_EQ(seen, std::vector<std::string>{"+m"});
}

TEST_F(Coordination, APartitionedGroupFollowsWeights) {
    start(a);
    std::unique_ptr<Partitioner> parts;
    on_fiber([&] { parts = a.coordinator->join_partitioned_group("g"); });
    backend.groups["g"]["b"] = Value(Map{{"weight", 2}});
    EXPECT_EQ(run_watchers(a), 1u);
    EXPECT_EQ(parts->ring().nodes(), (NodeWeights{{"a", 1}, {"b", 2}}));
    backend.groups["g"]["b"] = Value(Map{{"weight", 5}});
    EXPECT_EQ(run_watchers(a), 1u);
    EXPECT_EQ(parts->ring().nodes(), (NodeWeights{{"a", 1}, {"b", 5}}));
    EXPECT_EQ(run_watchers(a), 0u);
    parts.reset();
    backend.groups["g"]["b"] = {};
    EXPECT_EQ(run_watchers(a), 0u);
}

TEST_F(Coordination, APartitionedGroupThatCouldNotBeReadIsReadAtTheNextPass) {
    start(a);
    std::unique_ptr<Partitioner> parts;
    on_fiber([&] {
        a.coordinator->create_group("g").get();
        // Told first: what the partitioner asks for when it is told then fails.
        a.coordinator->watch_join_group("g", [&](const MemberJoinedGroup&) {
            a.link.next_fault = Fault::unreachable;
        });
        parts = a.coordinator->join_partitioned_group("g");
    });
    backend.groups["g"]["b"] = {};
    on_fiber([&] { EXPECT_THROW(a.coordinator->run_watchers(), ConnectionError); });
    EXPECT_TRUE(parts->behind());
    EXPECT_EQ(run_watchers(a), 1u) << "nothing has changed since, and nobody else tells";
    EXPECT_FALSE(parts->behind());
    EXPECT_EQ(parts->ring().nodes(), (NodeWeights{{"a", 1}, {"b", 1}}));
    EXPECT_EQ(run_watchers(a), 0u);
    parts.reset();
}

TEST_F(Coordination, APartitionedGroupReadsAgainWhenWhatItReadHasGone) {
    start(a);
    std::unique_ptr<Partitioner> parts;
    on_fiber([&] {
        a.coordinator->create_group("g").get();
        // Between the look that makes the partitioner read, and its read.
        a.coordinator->watch_join_group("g", [&](const MemberJoinedGroup& event) {
            if (event.member_id == "c") backend.groups["g"].erase("b");
        });
        parts = a.coordinator->join_partitioned_group("g");
    });
    backend.groups["g"]["b"] = {};
    backend.groups["g"]["c"] = {};
    run_watchers(a);
    EXPECT_EQ(parts->ring().nodes(), (NodeWeights{{"a", 1}, {"c", 1}}));
    backend.groups["g"]["b"] = {};
    EXPECT_EQ(run_watchers(a), 1u) << "two looks were alike, and the read between them was not";
    EXPECT_EQ(parts->ring().nodes(), (NodeWeights{{"a", 1}, {"b", 1}, {"c", 1}}));
    parts.reset();
}

TEST_F(Coordination, APartitionedGroupFollowsItsMembers) {
    start(a);
    start(b);
    std::unique_ptr<Partitioner> mine;
    std::unique_ptr<Partitioner> theirs;
    on_fiber([&] { mine = a.coordinator->join_partitioned_group("g"); });
    EXPECT_TRUE(mine->belongs_to_self("any object"));
    on_fiber([&] { theirs = b.coordinator->join_partitioned_group("g", 3); });
    on_fiber([&] { a.coordinator->run_watchers(); });
    EXPECT_EQ(mine->fingerprint(), theirs->fingerprint());
    int shared = 0;
    for (int object = 0; object < 100; ++object) {
        const std::string name = std::to_string(object);
        EXPECT_NE(mine->belongs_to_self(name), theirs->belongs_to_self(name)) << name;
        shared += theirs->belongs_to_self(name) ? 1 : 0;
    }
    EXPECT_GT(shared, 50) << "its weight is three times the other's";
    on_fiber([&] { b.coordinator->leave_partitioned_group("g", *theirs).get(); });
    on_fiber([&] { a.coordinator->run_watchers(); });
    EXPECT_TRUE(mine->belongs_to_self("1"));
    mine.reset();
    theirs.reset();
}

}  // namespace
}  // namespace conclave
