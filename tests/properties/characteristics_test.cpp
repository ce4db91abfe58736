// Hand-drawn histories of known verdict, for each characteristic at least one of each kind.

#include <gtest/gtest.h>

#include "drawing.hpp"

namespace conclave::properties {
namespace {

using enum Action;

/// By the monitors and by the search alone.
void expect(Outcome outcome, Finding (*judge)(const Calls&, Model, const CheckOptions&),
            Model model, const Drawing& drawing, bool strict = false) {
    for (const bool monitors : {true, false}) {
        const Finding finding = judge(drawing.calls, model, {strict, monitors});
        EXPECT_EQ(finding.outcome, outcome)
            << (monitors ? "with" : "without") << " monitors, by " << finding.method << ": "
            << finding.reason;
    }
}

Drawing stale_read() {
    return Drawing().write("a", "1", {0, 10}).write("a", "2", {20, 30}).read("b", "1", {40, 50});
}

TEST(Linearizable, AReadMayReturnWhatIsBeingWritten) {
    expect(held, check_linearizable, Model::register_,
           Drawing().write("a", "1", {0, 100}).read("b", "1", {10, 20}).read("b", "1", {30, 40}));
}

TEST(Linearizable, AReadMayNotReturnWhatWasOverwrittenBefore) {
    expect(violated, check_linearizable, Model::register_, stale_read());
}

TEST(Linearizable, WhatWasReadDoesNotVanishAgain) {
    expect(violated, check_linearizable, Model::register_,
           Drawing()
               .write("a", "1", {0, 10})
               .write("a", "2", {20, 90})
               .read("b", "2", {30, 40})
               .read("c", "1", {50, 60}));
}

TEST(Linearizable, EqualInstantsAreConcurrent) {
    expect(held, check_linearizable, Model::register_,
           Drawing().write("a", "1", {0, 10}).read("b", "null", {10, 20}));
}

TEST(Linearizable, ButNotWithinASession) {
    expect(violated, check_linearizable, Model::register_,
           Drawing().write("a", "1", {0, 10}).read("a", "null", {10, 20}));
}

TEST(Linearizable, AnUnknownWriteMayHappenLateOrNever) {
    Drawing drawing;
    drawing.write("a", "1", {0}).read("b", "null", {10, 20}).read("b", "1", {30, 40});
    expect(held, check_linearizable, Model::register_, drawing);
    drawing.read("b", "null", {50, 60});
    expect(violated, check_linearizable, Model::register_, drawing);
}

TEST(Linearizable, TheCounterexampleNamesTheStalePair) {
    const Finding finding = check_linearizable(stale_read().calls, Model::register_);
    EXPECT_EQ(finding.method, "zones");
    EXPECT_EQ(finding.counterexample.size(), 3U) << finding.reason;
    EXPECT_NE(finding.reason.find("process b read x -> 1"), std::string::npos) << finding.reason;
}

TEST(Linearizable, TheWitnessIsTheOrderThatExplains) {
    const Finding finding = check_linearizable(
        Drawing().read("b", "1", {10, 20}).write("a", "1", {0, 100}).calls, Model::register_);
    EXPECT_EQ(finding.witness, (std::vector<std::uint32_t>{1, 0}));
}

TEST(Linearizable, OneValueIsReplacedOnce) {
    expect(violated, check_linearizable, Model::cas_register,
           Drawing()
               .write("a", "1", {0, 10})
               .cas("b", "1", "2", true, {20, 40})
               .cas("c", "1", "3", true, {20, 40}));
}

TEST(Linearizable, ACasThatFailedSawAnotherValue) {
    Drawing drawing;
    drawing.write("a", "1", {0, 10}).cas("b", "1", "2", false, {20, 30}).read("a", "1", {40, 50});
    expect(violated, check_linearizable, Model::cas_register, drawing);
    drawing.cas("c", "1", "3", true, {25, 60});
    expect(violated, check_linearizable, Model::cas_register, drawing);  // 1 is read after 30
}

TEST(Linearizable, AnUnknownCasExplainsARefusal) {
    expect(held, check_linearizable, Model::cas_register,
           Drawing()
               .write("a", "1", {0, 10})
               .cas("b", "1", "2", false, {20, 30})
               .cas("c", "1", "3", true, {5}));
}

TEST(Linearizable, TwoHoldsDoNotOverlap) {
    expect(violated, check_linearizable, Model::mutex,
           Drawing().lock("a", acquire, true, {0, 10}).lock("b", acquire, true, {20, 30}));
}

TEST(Linearizable, AnUnknownReleaseMayHaveFreedTheLock) {
    expect(held, check_linearizable, Model::mutex,
           Drawing()
               .lock("a", acquire, true, {0, 10})
               .lock("a", release, true, {15})
               .lock("b", acquire, true, {20, 30}));
}

TEST(Linearizable, AnUnknownAcquireNeedNotHold) {
    expect(held, check_linearizable, Model::mutex,
           Drawing().lock("a", acquire, true, {0}).lock("b", acquire, true, {20, 30}));
}

TEST(Linearizable, AsALeaseAndNotAsAMutex) {
    Drawing drawing;
    drawing.lock("a", acquire, true, {0, 10}, 20).lock("b", acquire, true, {15, 30});
    expect(violated, check_linearizable, Model::mutex, drawing);
    expect(held, check_linearizable, Model::lease, drawing);
}

TEST(Linearizable, ALeaseEndsNotBeforeItsTime) {
    expect(violated, check_linearizable, Model::lease,
           Drawing()
               .lock("a", acquire, true, {0, 10}, 40)
               .lock("b", acquire, true, {15, 30}));
}

TEST(Linearizable, ARenewalKeepsTheLease) {
    expect(violated, check_linearizable, Model::lease,
           Drawing()
               .lock("a", acquire, true, {0, 10}, 20)
               .lock("a", renew, true, {15, 18}, 40)
               .lock("b", acquire, true, {25, 30}));
}

TEST(Linearizable, ARefusalNeedsAHolderUnlessAnotherAcquireOverlaps) {
    Drawing drawing;
    drawing.lock("a", acquire, true, {0, 10}).lock("a", release, true, {20, 30});
    drawing.lock("b", acquire, false, {40, 50});
    expect(violated, check_linearizable, Model::mutex, drawing);
    drawing.lock("c", acquire, false, {45, 60});
    expect(held, check_linearizable, Model::mutex, drawing);
    expect(violated, check_linearizable, Model::mutex, drawing, true);
}

TEST(Linearizable, ALeaderIsTheOneElected) {
    Drawing drawing;
    drawing.lock("a", acquire, true, {0, 10}).read("c", "a", {20, 30});
    expect(held, check_linearizable, Model::leader, drawing);
    drawing.lock("a", release, true, {40, 50}).read("c", "a", {60, 70});
    expect(violated, check_linearizable, Model::leader, drawing);
}

TEST(Linearizable, AGroupIsReadAsItIs) {
    Drawing drawing;
    drawing.member("a", join, "m", true, {0, 10}).member("b", join, "n", true, {5, 40});
    drawing.members("c", {"m"}, {15, 20}).members("c", {"m", "n"}, {25, 30});
    expect(held, check_linearizable, Model::group, drawing);
    drawing.members("d", {"m"}, {35, 38});
    expect(violated, check_linearizable, Model::group, drawing);
}

TEST(Linearizable, WhoWasListedIsNotMissingAgainBeforeItLeaves) {
    const auto drawn = [](When leave) {
        return Drawing()
            .member("m", join, "m", true, {0, 100})
            .members("a", {"m"}, {10, 20})
            .members("b", {}, {30, 40})
            .member("m", Action::leave, "m", true, leave);
    };
    expect(held, check_linearizable, Model::group, drawn({35, 60}));
    expect(violated, check_linearizable, Model::group, drawn({50, 60}));
    const Finding finding = check_linearizable(drawn({50, 60}).calls, Model::group);
    EXPECT_EQ(finding.counterexample, (std::vector<std::uint32_t>{0, 2, 1, 3})) << finding.reason;
}

TEST(Linearizable, ThreeSnapshotsThatCannotBeLinedUp) {
    // Each join overlaps every read: only the reads together contradict.
    expect(violated, check_linearizable, Model::group,
           Drawing()
               .member("a", join, "m", true, {0, 90})
               .member("b", join, "n", true, {0, 90})
               .members("c", {"m"}, {10, 80})
               .members("d", {"n"}, {10, 80}));
}

TEST(Linearizable, ManyWrongTurnsTakeLittleRoom) {
    Drawing drawing;
    for (const char* name : {"a", "b", "c", "d", "e", "f", "g"})
        drawing.member(name, join, name, true, {0, 99})
            .member("z", Action::leave, name, true, {0, 99});
    drawing.members("p", {"a", "b"}, {0, 99}).members("q", {"b", "c"}, {0, 99});
    expect(held, check_linearizable, Model::group, drawing);
    expect(violated, check_linearizable, Model::group, drawing.members("r", {"a", "c"}, {0, 99}));
}

TEST(Linearizable, CapabilitiesAreThoseOfTheLastUpdate) {
    Drawing drawing;
    drawing.member("a", join, "m", true, {0, 10});
    drawing.calls.calls.back().second = drawing.calls.text("v1");
    drawing.member("a", update, "m", true, {20, 30});
    drawing.calls.calls.back().second = drawing.calls.text("v2");
    drawing.read("b", "v2", {40, 50});
    drawing.calls.calls.back().argument = drawing.calls.text("m");
    expect(held, check_linearizable, Model::capabilities, drawing);
    drawing.read("b", "v1", {60, 70});
    drawing.calls.calls.back().argument = drawing.calls.text("m");
    expect(violated, check_linearizable, Model::capabilities, drawing);
}

TEST(Linearizable, TokensGrow) {
    Drawing drawing;
    drawing.token("a", 5, {0, 30}).token("b", 4, {10, 20});
    expect(held, check_linearizable, Model::tokens, drawing);
    drawing.token("c", 3, {40, 50});
    expect(violated, check_linearizable, Model::tokens, drawing);
}

TEST(Linearizable, TheStoresRevisionsAreTriedFirst) {
    Drawing drawing;
    drawing.write("a", "1", {0, 50}).write("b", "1", {0, 50}).read("c", "1", {10, 60});
    drawing.calls.calls[0].revision = 8;
    drawing.calls.calls[1].revision = 7;
    const Finding finding = check_linearizable(drawing.calls, Model::register_);
    EXPECT_EQ(finding.method, "revisions");
    EXPECT_EQ(finding.witness, (std::vector<std::uint32_t>{1, 2, 0}));
}

TEST(Sequential, AStaleReadOfAnotherSessionIsAllowed) {
    expect(held, check_sequential, Model::register_, stale_read());
}

TEST(Sequential, ASessionReadsItsOwnWrites) {
    expect(violated, check_sequential, Model::register_,
           Drawing().write("a", "1", {0, 10}).read("a", "null", {20, 30}));
}

TEST(Sequential, ObjectsAreNotJudgedOneByOne) {
    // Store buffering: each object by itself is fine.
    expect(violated, check_sequential, Model::register_,
           Drawing("x")
               .write("a", "1", {0, 10})
               .on("y").read("a", "null", {20, 30})
               .on("y").write("b", "1", {0, 10})
               .on("x").read("b", "null", {20, 30}));
}

TEST(Causal, StoreBufferingIsAllowed) {
    expect(held, check_causal, Model::register_,
           Drawing("x")
               .write("a", "1", {0, 10})
               .on("y").read("a", "null", {20, 30})
               .on("y").write("b", "1", {0, 10})
               .on("x").read("b", "null", {20, 30}));
}

TEST(Causal, WhoReadTheEffectKnowsTheCause) {
    expect(violated, check_causal, Model::register_,
           Drawing("x")
               .write("a", "1", {0, 10})
               .on("y").write("a", "2", {20, 30})
               .on("y").read("b", "2", {40, 50})
               .on("x").read("b", "null", {60, 70}));
}

TEST(Causal, WhoKnowsALeaveDoesNotListTheMember) {
    Drawing drawing;
    drawing.member("a", join, "m", true, {0, 10}).members("b", {"m"}, {20, 30});
    drawing.member("a", leave, "m", true, {40, 50}).members("b", {"m"}, {60, 70});
    expect(held, check_causal, Model::group, drawing);
    drawing.members("a", {"m"}, {80, 90});
    expect(violated, check_causal, Model::group, drawing);
}

TEST(Causal, IsNotDefinedForLocksOrValuesWrittenTwice) {
    expect(undecided, check_causal, Model::mutex, Drawing().lock("a", acquire, true, {0, 10}));
    expect(undecided, check_causal, Model::register_,
           Drawing().write("a", "1", {0, 10}).write("b", "1", {0, 10}));
}

TEST(Serializable, TimeDoesNotMatter) {
    expect(held, check_serializable, Model::register_, stale_read());
    expect(held, check_serializable, Model::mutex,
           Drawing()
               .lock("a", acquire, true, {0, 10})
               .lock("b", acquire, true, {20, 30})
               .lock("b", release, true, {40, 50}));
}

TEST(Serializable, CountsDo) {
    expect(violated, check_serializable, Model::register_,
           Drawing().read("a", "1", {0, 10}));
    expect(violated, check_serializable, Model::mutex,
           Drawing().lock("a", acquire, true, {0, 10}).lock("b", acquire, true, {20, 30}));
    expect(violated, check_serializable, Model::tokens,
           Drawing().token("a", 7, {0, 10}).token("b", 7, {20, 30}));
}

TEST(Serializable, SnapshotsOfMembersThatJoinOnceLineUp) {
    const auto pair = [](Drawing& drawing, const char* who, const char* one, const char* two) {
        drawing.members(who, {one, two}, {20, 30});
    };
    Drawing drawing;
    for (const char* member : {"m", "n", "o"})
        drawing.member(member, join, member, true, {0, 100}).member(member, leave, member, true, {0, 100});
    pair(drawing, "a", "m", "n");
    pair(drawing, "b", "n", "o");
    expect(held, check_serializable, Model::group, drawing);
    pair(drawing, "c", "m", "o");
    expect(violated, check_serializable, Model::group, drawing);
}

TEST(SameView, WhatOneClientSawTheNextSeesToo) {
    Drawing drawing;
    drawing.write("a", "1", {0, 10}).write("a", "2", {20, 90});
    drawing.read("b", "2", {30, 40}).read("c", "1", {50, 60});
    expect(violated, check_same_view, Model::register_, drawing);
}

TEST(SameView, ReadsOfOneValueAgree) {
    expect(held, check_same_view, Model::register_,
           Drawing().write("a", "1", {0, 10}).read("b", "1", {20, 30}).read("c", "1", {20, 30}));
}

TEST(SameView, WithoutAReadItIsUndecided) {
    expect(undecided, check_same_view, Model::register_, Drawing().write("a", "1", {0, 10}));
}

Drawing partitioned(const char* stale_server) {
    return Drawing()
        .at("s1").write("a", "1", {0, 10})
        .at("s2").write("a", "2", {110, 120})
        .at(stale_server).read("b", "1", {130, 140})
        .at("s2").read("c", "2", {130, 140})
        .at("s1").read("d", "1", {100, 105})
        .cut({{"s1"}, {"s2", "s3"}}, {100, 200});
}

TEST(SameViewUnderPartitions, TheOtherSideMustNotBeStale) {
    expect(violated, check_same_view_under_partitions, Model::register_, partitioned("s1"));
}

TEST(SameViewUnderPartitions, OneSideMayDisagreeWithItself) {
    expect(held, check_same_view_under_partitions, Model::register_, partitioned("s3"));
}

TEST(SameViewUnderPartitions, TwoLeadersOnTwoSidesHaveNoCommonOrder) {
    expect(violated, check_same_view_under_partitions, Model::leader,
           Drawing()
               .at("s1").lock("a", acquire, true, {100, 110}).read("c", "a", {120, 125})
               .at("s2").lock("b", acquire, true, {130, 140}).read("d", "b", {150, 155})
               .cut({{"s1"}, {"s2"}}, {90, 200}));
}

TEST(SameViewUnderPartitions, WithoutAReadTriedOnEachSideItIsUndecided) {
    expect(undecided, check_same_view_under_partitions, Model::register_,
           Drawing().at("s1").write("a", "1", {0, 10}).read("a", "1", {20, 30}).cut(
               {{"s1"}, {"s2"}}, {0, 100}));
}

TEST(Characteristics, AnEmptyHistoryIsExplainedByAnEmptyOrder) {
    const Finding finding = check_linearizable(Calls{}, Model::register_);
    EXPECT_EQ(finding.outcome, held);
}

TEST(Characteristics, CoverageCountsWhatCouldHaveShownAViolation) {
    const Coverage coverage = coverage_of(
        Drawing().write("a", "1", {0, 10}).write("b", "2", {5}).read("c", "1", {20, 30}).calls,
        Model::register_);
    EXPECT_EQ(coverage.calls, 3U);
    EXPECT_EQ(coverage.unknown, 1U);
    EXPECT_EQ(coverage.observations, 1U);
    EXPECT_EQ(coverage.concurrent, 1U);
}

TEST(Characteristics, ASpentBudgetIsUndecided) {
    Drawing drawing;
    std::vector<std::string> names;
    for (int i = 0; i < 12; ++i) names.push_back("w" + std::to_string(i));
    for (const std::string& name : names) drawing.write(name.c_str(), "1", {0, 100});
    for (const std::string& name : names) drawing.write(name.c_str(), "2", {0, 100});
    drawing.read("a", "3", {200, 300}).write("z", "3", {0, 100}).read("b", "1", {400, 500});
    CheckOptions options;
    options.steps_max = 100;
    options.monitors = false;
    const Finding finding = check_linearizable(drawing.calls, Model::register_, options);
    EXPECT_EQ(finding.outcome, undecided);
    EXPECT_NE(finding.reason.find("gave up"), std::string::npos) << finding.reason;
}

}  // namespace
}  // namespace conclave::properties
