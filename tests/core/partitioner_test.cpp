#include "conclave/partitioner.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

namespace conclave {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Value weighing(Value weight) { return Map{{"weight", std::move(weight)}}; }

/// A group in memory; the test changes it and says when its watchers hear of it.
struct FakeGroup {
    std::map<std::string, Value> members;
    std::function<void()> changed;
    std::function<void()> on_watch = [] {};
    /// Runs after a read has been taken and before it is returned.
    std::function<void()> on_read = [] {};
    bool reachable = true;

    void tell() {
        if (changed) changed();
    }
};

class FakeView final : public GroupView {
public:
    FakeView(FakeGroup& group, std::string member_id)
        : group_(group), member_id_(std::move(member_id)) {}

    const std::string& member_id() const noexcept override { return member_id_; }
    std::map<std::string, Value> get_members_with_capabilities() override {
        if (!group_.reachable) throw ConnectionError("no backend");
        const std::map<std::string, Value> read = group_.members;
        std::exchange(group_.on_read, [] {})();
        return read;
    }
    void watch(std::function<void()> changed) override {
        if (!group_.reachable) throw ConnectionError("no backend");
        group_.changed = std::move(changed);
        group_.on_watch();
    }
    void unwatch() noexcept override { group_.changed = nullptr; }

private:
    FakeGroup& group_;
    std::string member_id_;
};

class PartitionerTest : public ::testing::Test {
protected:
    std::unique_ptr<Partitioner> join(const std::string& member) {
        return std::make_unique<Partitioner>(std::make_unique<FakeView>(group_, member));
    }

    FakeGroup group_{.members = {{"me", {}}, {"you", {}}}};
};

TEST_F(PartitionerTest, AsksTheRingOfItsMembers) {
    const auto partitioner = join("me");
    const HashRing ring({{"me", 1}, {"you", 1}});
    for (int i = 0; i < 100; ++i) {
        const std::string object = "object-" + std::to_string(i);
        const std::string owner = ring[object].front();
        EXPECT_THAT(partitioner->members_for_object(object), ElementsAre(owner));
        EXPECT_TRUE(partitioner->belongs_to_member(object, owner));
        EXPECT_EQ(partitioner->belongs_to_self(object), owner == "me");
        EXPECT_FALSE(partitioner->belongs_to_member(object, "stranger"));
        EXPECT_TRUE(partitioner->belongs_to_self(object, {"you"}));
        EXPECT_TRUE(partitioner->belongs_to_self(object, {}, 2));
    }
    EXPECT_EQ(partitioner->fingerprint(), ring.fingerprint());
}

TEST_F(PartitionerTest, FollowsJoinsAndLeaves) {
    const auto partitioner = join("me");
    EXPECT_EQ(partitioner->ring().size(), 32u * 2);
    group_.members["third"] = weighing(5);
    group_.tell();
    EXPECT_EQ(partitioner->ring().nodes(), (NodeWeights{{"me", 1}, {"third", 5}, {"you", 1}}));
    group_.members.erase("you");
    group_.members.erase("third");
    group_.tell();
    EXPECT_EQ(partitioner->ring().size(), 32u);
    EXPECT_EQ(partitioner->fingerprint(), HashRing({{"me", 1}}).fingerprint());
    group_.members.clear();
    group_.tell();
    EXPECT_THAT(partitioner->members_for_object("object"), IsEmpty());
    EXPECT_FALSE(partitioner->belongs_to_self("object"));
}

// tooz reads the group first and never learns of this member.
TEST_F(PartitionerTest, AMemberThatJoinsWhileTheWatchBeginsIsNotMissed) {
    group_.on_watch = [&] { group_.members["third"] = {}; };
    EXPECT_THAT(join("me")->ring().nodes(), SizeIs(3));
}

// tooz asks for the capabilities of a member that has gone, and fails.
TEST_F(PartitionerTest, AMemberThatWentBeforeItsJoinWasToldIsNoError) {
    const auto partitioner = join("me");
    group_.members["brief"] = {};
    group_.members.erase("brief");
    EXPECT_NO_THROW(group_.tell());
    EXPECT_THAT(partitioner->ring().nodes(), SizeIs(2));
}

TEST_F(PartitionerTest, AnOlderReadDoesNotUndoANewerOne) {
    const auto partitioner = join("me");
    group_.on_read = [&] {
        group_.members["third"] = {};
        group_.tell();
    };
    partitioner->refresh();
    EXPECT_THAT(partitioner->ring().nodes(), SizeIs(3));
}

TEST_F(PartitionerTest, AChangedWeightIsSeenByTheNextRead) {
    const auto partitioner = join("me");
    group_.members["you"] = weighing(7);
    partitioner->refresh();
    EXPECT_EQ(partitioner->ring().nodes(), (NodeWeights{{"me", 1}, {"you", 7}}));
    group_.members["you"] = weighing(2);
    partitioner->refresh();
    EXPECT_EQ(partitioner->ring().size(), 32u * 3);
}

TEST_F(PartitionerTest, StaysAsItIsWhileTheBackendIsAwayAndSaysSo) {
    const auto partitioner = join("me");
    group_.members["third"] = {};
    group_.reachable = false;
    EXPECT_THROW(group_.tell(), ConnectionError);
    EXPECT_TRUE(partitioner->behind());
    EXPECT_THAT(partitioner->ring().nodes(), SizeIs(2));
    group_.reachable = true;
    partitioner->refresh();
    EXPECT_FALSE(partitioner->behind());
    EXPECT_THAT(partitioner->ring().nodes(), SizeIs(3));
}

TEST_F(PartitionerTest, FollowsNoLongerOnceStopped) {
    const auto partitioner = join("me");
    partitioner->stop();
    EXPECT_FALSE(group_.changed);
    group_.members.clear();
    group_.tell();
    EXPECT_THAT(partitioner->members_for_object("object"), SizeIs(1));
    partitioner->stop();
}

TEST_F(PartitionerTest, LeavesNoWatchBehind) {
    join("me");
    EXPECT_FALSE(group_.changed);
    group_.on_watch = [&] { group_.reachable = false; };
    EXPECT_THROW(join("me"), ConnectionError);
    EXPECT_FALSE(group_.changed);
    EXPECT_THROW(join("me"), ConnectionError);
}

TEST_F(PartitionerTest, PartitionersOfOneViewAgreeWhateverTheyHaveSeen) {
    const auto early = join("me");
    group_.members["third"] = weighing(3);
    group_.tell();
    FakeGroup same{.members = group_.members};
    const Partitioner late(std::make_unique<FakeView>(same, "third"));
    EXPECT_EQ(early->fingerprint(), late.fingerprint());
    EXPECT_EQ(early->members_for_object("object", {}, 3), late.members_for_object("object", {}, 3));
    same.members["third"] = weighing(4);
    same.tell();
    EXPECT_NE(early->fingerprint(), late.fingerprint());
}

TEST(PartitionWeight, IsReadAsToozReadsIt) {
    EXPECT_EQ(partition_weight({}, 100), 1u);
    EXPECT_EQ(partition_weight("weight", 100), 1u);
    EXPECT_EQ(partition_weight(Map{}, 100), 1u);
    EXPECT_EQ(partition_weight(Map{{"zone", 7}}, 100), 1u);
    EXPECT_EQ(partition_weight(Map{{Blob{"weight"}, 7}}, 100), 1u);
    EXPECT_EQ(partition_weight(weighing(7), 100), 7u);
    EXPECT_EQ(partition_weight(weighing(std::uint64_t{7}), 100), 7u);
    EXPECT_EQ(partition_weight(Map{{"weight", 7}, {"weight", 8}}, 100), 8u);
    EXPECT_EQ(partition_weight(weighing(true), 100), 1u);
    EXPECT_EQ(partition_weight(weighing(false), 100), 0u);
    EXPECT_EQ(partition_weight(weighing(0), 100), 0u);
    EXPECT_EQ(partition_weight(weighing(-3), 100), 0u);
}

TEST(PartitionWeight, OfOneMemberCannotStopTheOthers) {
    EXPECT_EQ(partition_weight(weighing("heavy"), 100), 1u);
    EXPECT_EQ(partition_weight(weighing(2.5), 100), 1u);
    EXPECT_EQ(partition_weight(weighing(Value{}), 100), 1u);
    EXPECT_EQ(partition_weight(weighing(101), 100), 100u);
    EXPECT_EQ(partition_weight(weighing(~std::uint64_t{0}), 100), 100u);
}

}  // namespace
}  // namespace conclave
