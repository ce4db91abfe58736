#include <gtest/gtest.h>

#include "conclave/properties/checkers.hpp"

namespace conclave::properties {
namespace {

TEST(MembershipAccuracy, AReadInsideAPresenceMustListTheMember) {
    History history;
    history.presences = {{"m", "g", 10, 100}};
    history.reads = {{"c", "g", 20, 30, {"m"}}};
    EXPECT_EQ(check_membership_accuracy(history).outcome, Outcome::held);
    history.reads.push_back({"c", "g", 40, 50, {"other"}});
    const Verdict verdict = check_membership_accuracy(history);
    EXPECT_EQ(verdict.outcome, Outcome::violated);
    EXPECT_EQ(verdict.at_ns, 50);
}

TEST(MembershipAccuracy, AReadThatReachesBeyondThePresenceProvesNothing) {
    History history;
    history.presences = {{"m", "g", 10, 100}};
    history.reads = {{"c", "g", 5, 50, {}}, {"c", "g", 90, 100, {}}, {"c", "h", 20, 30, {}}};
    EXPECT_EQ(check_membership_accuracy(history).outcome, Outcome::undecided);
}

TEST(MembershipCompleteness, ACrashedMemberIsGoneAfterTheBound) {
    History history;
    history.departures = {{"m", "g", 90, 100, 1000}};
    history.reads = {{"c", "g", 150, 160, {"m"}},    // not due yet
                     {"c", "g", 151, 1001, {"m"}},   // back before it returned
                     {"c", "g", 152, 160, {}}};
    EXPECT_EQ(check_membership_completeness(history, 50).outcome, Outcome::held);
    history.reads.push_back({"c", "g", 200, 210, {"m"}});
    EXPECT_EQ(check_membership_completeness(history, 50).outcome, Outcome::violated);
}

class WatchExactness : public testing::Test {
protected:
    void SetUp() override {
        Operation join;
        join.client = "m";
        join.action = "join";
        join.object = "g";
        history_.operations = {join};
        add(WatchEvent::Kind::snapshot, "");
    }
    void add(WatchEvent::Kind kind, const std::string& member) {
        history_.watch_events.push_back({"w", "g", kind, member, {}, next_++});
    }
    Outcome outcome() const { return check_watch_exactness(history_).outcome; }
    History history_;
    std::int64_t next_ = 0;
};

TEST_F(WatchExactness, JoinedAndLeftAlternate) {
    add(WatchEvent::Kind::joined, "m");
    add(WatchEvent::Kind::left, "m");
    add(WatchEvent::Kind::joined, "m");
    EXPECT_EQ(outcome(), Outcome::held);
    add(WatchEvent::Kind::joined, "m");
    EXPECT_EQ(outcome(), Outcome::violated);
}

TEST_F(WatchExactness, NobodyLeavesWhoWasNotThere) {
    add(WatchEvent::Kind::left, "m");
    EXPECT_EQ(outcome(), Outcome::violated);
}

TEST_F(WatchExactness, NobodyJoinsWhoNeverAskedTo) {
    add(WatchEvent::Kind::joined, "ghost");
    EXPECT_EQ(outcome(), Outcome::violated);
}

TEST(Agreement, IsHeldOnceSomethingWasComparedAndNamesTheFirstLie) {
    const Comparison right{"c1", "k", "the replica has v", "the master has v", true, 5};
    const Comparison wrong{"c2", "k", "the replica has nothing", "the master has v", false, 7};
    EXPECT_EQ(check_agreement("reads", {}).outcome, Outcome::undecided);
    const Verdict held = check_agreement("reads", {right, right});
    EXPECT_EQ(held.outcome, Outcome::held);
    EXPECT_EQ(held.cases, 2u);
    const Verdict lie = check_agreement("reads", {right, wrong, right});
    EXPECT_EQ(lie.outcome, Outcome::violated);
    EXPECT_EQ(lie.object, "k");
    EXPECT_EQ(lie.at_ns, 7);
    EXPECT_EQ(lie.reason, "c2 at 0.000000 s: the replica has nothing, but the master has v");
}

TEST(ProgressAfterHealing, EveryClientMustGetSomethingDone) {
    History history;
    EXPECT_EQ(check_progress(history, 10).outcome, Outcome::undecided);
    history.progress = {{"a", 100, 105}, {"b", 100, 110}};
    EXPECT_EQ(check_progress(history, 10).outcome, Outcome::held);
    history.progress.push_back({"c", 100, 111});
    EXPECT_EQ(check_progress(history, 10).outcome, Outcome::violated);
    history.progress.back().first_success_ns = never_ns;
    EXPECT_EQ(check_progress(history, 10).outcome, Outcome::violated);
}

}  // namespace
}  // namespace conclave::properties
