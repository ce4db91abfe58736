// What sessions tell each other without a call between them.

#include <gtest/gtest.h>

#include "drawing.hpp"

namespace conclave::properties {
namespace {

using enum Action;

Outcome outcome(Characteristic characteristic, const Drawing& drawing, Model model) {
    const Finding finding = check(characteristic, drawing.calls, model);
    const Finding by_search = check(characteristic, drawing.calls, model, {.monitors = false});
    EXPECT_EQ(finding.outcome, by_search.outcome) << finding.reason << "\n" << by_search.reason;
    return finding.outcome;
}

Outcome causal(const Drawing& drawing) {
    return outcome(Characteristic::causal, drawing, Model::group);
}

struct Mail {
    const char *from, *to;
    When when;
};

/// "a" joins and leaves, there is mail, and "b" sees it in the group when it asks at 60.
Drawing stale_group(std::initializer_list<Mail> mail) {
    Drawing drawing("g");
    drawing.member("a", join, "a", true, {0, 10})
        .members("b", {"a"}, {20, 30})
        .member("a", leave, "a", true, {40, 50});
    for (const Mail& each : mail) drawing.tell(each.from, each.to, each.when);
    return drawing.members("b", {"a"}, {60, 70});
}

TEST(Messages, WhoWasToldOfALeaveDoesNotListTheMember) {
    const Drawing untold = stale_group({});
    EXPECT_EQ(causal(untold), held);
    EXPECT_EQ(outcome(Characteristic::sequential, untold, Model::group), held);
    const Drawing told = stale_group({{"a", "b", {50, 60}}});
    EXPECT_EQ(causal(told), violated);
    EXPECT_EQ(outcome(Characteristic::sequential, told, Model::group), violated);
    EXPECT_EQ(outcome(Characteristic::serializable, told, Model::group), held);
    const Finding finding = check_causal(told.calls, Model::group);
    EXPECT_EQ(finding.counterexample, (std::vector<std::uint32_t>{2, 3})) << finding.reason;
}

TEST(Messages, TellOnlyWhatWasAnsweredWhenTheyWereSentToWhoReceivedThem) {
    EXPECT_EQ(causal(stale_group({{"a", "b", {49, 60}}})), held);
    EXPECT_EQ(causal(stale_group({{"a", "b", {50, 61}}})), held);
    EXPECT_EQ(causal(stale_group({{"a", "c", {50, 60}}})), held);
    EXPECT_EQ(causal(stale_group({{"b", "a", {50, 60}}})), held);
    Drawing unanswered = stale_group({{"a", "b", {50, 60}}});
    unanswered.calls.calls[2].status = Status::unknown;
    EXPECT_EQ(causal(unanswered), held);
}

TEST(Messages, GoOnThroughSessionsThatCallNothing) {
    EXPECT_EQ(causal(stale_group({{"a", "c", {50, 52}}, {"c", "b", {53, 60}}})), violated);
    EXPECT_EQ(causal(stale_group({{"c", "b", {53, 60}}, {"a", "c", {50, 52}}})), violated);
    EXPECT_EQ(causal(stale_group({{"a", "c", {50, 54}}, {"c", "b", {53, 60}}})), held);
    EXPECT_EQ(causal(stale_group({{"a", "c", {50, 51}}, {"c", "d", {51, 52}}, {"d", "b", {52, 53}}})),
              violated);
}

TEST(Messages, OfOneInstantFollowEachOtherAsTheyStand) {
    EXPECT_EQ(causal(stale_group({{"a", "c", {50, 55}}, {"c", "b", {55, 60}}})), violated);
    EXPECT_EQ(causal(stale_group({{"c", "b", {55, 60}}, {"a", "c", {50, 55}}})), held);
    // Sent before the leave returned, or received after the read was called: by their places.
    Drawing early = stale_group({{"a", "b", {50, 60}}}), late = early;
    early.calls.messages.front().position = 2;
    late.calls.messages.front().position = 4;
    EXPECT_EQ(causal(early), held);
    EXPECT_EQ(causal(late), held);
}

TEST(Messages, WhatTakesNoTimeCountsWhereRealTimeDoesNot) {
    Drawing drawing;
    drawing.write("a", "1", {0, 10});
    const auto expect = [&](Outcome outcome_expected) {
        for (const Characteristic each :
             {Characteristic::linearizable, Characteristic::sequential, Characteristic::causal,
              Characteristic::same_view_across_clients})
            EXPECT_EQ(outcome(each, Drawing(drawing).read("b", "null", {10, 20}), Model::register_),
                      outcome_expected)
                << to_string(each);
    };
    expect(held);
    drawing.tell("a", "b", {10, 10});
    expect(violated);
}

TEST(Messages, OfACallThatOverlapsOthersOfItsSession) {
    // Of "a", who does not wait, the leave returned before the read that it had called earlier.
    const auto drawn = [](When told) {
        return Drawing("g")
            .member("a", join, "a", true, {0, 10})
            .members("a", {"a"}, {15, 60})
            .member("a", leave, "a", true, {20, 30})
            .tell("a", "b", told)
            .members("b", {"a"}, {70, 90})
            .members("b", {"a"}, {71, 80});
    };
    EXPECT_EQ(causal(drawn({60, 70})), violated);
    EXPECT_EQ(causal(drawn({60, 71})), violated);
    EXPECT_EQ(causal(drawn({29, 70})), held);
}

TEST(Messages, BetweenSessionsThatAwaitNothingAreRefusedBeforeTheyFillTheMemory) {
    Drawing drawing;
    for (int i = 0; i < 2100; ++i) drawing.read("a", "null", {0, 10}).read("b", "null", {20, 30});
    drawing.tell("a", "b", {10, 15});
    try {
        check_sequential(drawing.calls, Model::register_, {.monitors = false});
        FAIL() << "no error";
    } catch (const std::length_error& error) {
        EXPECT_STREQ(error.what(), "messages between sessions: more than 4194312 pairs of calls, for "
                                   "many of one session overlap");
    }
}

TEST(Messages, AreNotReceivedBeforeTheyAreSent) {
    Drawing drawing;
    try {
        drawing.tell("a", "b", {50, 49});
        FAIL() << "no error";
    } catch (const std::invalid_argument& error) {
        EXPECT_STREQ(error.what(),
                     "a message of a to b is received at 49 ns, before it is sent at 50 ns");
    }
}

}  // namespace
}  // namespace conclave::properties
