#include "conclave/properties/silence.hpp"

#include <gtest/gtest.h>

#include "drawing.hpp"

namespace conclave::properties {
namespace {

using enum Action;

/// a holds from 10 on and stands still from 100 to 300.
Verdict pause_of_a(Drawing& drawing, Model model, std::int64_t timeout_max_ns = 20) {
    return check_pauses(drawing.calls, model, {{drawing.calls.text("a"), 100, 300}},
                        timeout_max_ns);
}

TEST(Pauses, NobodyIsGivenWhatASilentSessionHolds) {
    Drawing drawing;
    drawing.lock("a", acquire, true, {0, 10}).lock("b", acquire, false, {150, 160});
    EXPECT_EQ(pause_of_a(drawing, Model::mutex).outcome, Outcome::held);
    drawing.lock("b", acquire, true, {200, 210});
    const Verdict verdict = pause_of_a(drawing, Model::mutex);
    EXPECT_EQ(verdict.outcome, Outcome::violated);
    EXPECT_EQ(verdict.at_ns, 210);
    EXPECT_NE(verdict.reason.find("process b acquire"), std::string::npos) << verdict.reason;
}

TEST(Pauses, ALockThatWasGivenBackIsNotLost) {
    Drawing drawing;
    drawing.lock("a", acquire, true, {0, 10}).lock("a", release, true, {20, 30});
    drawing.lock("b", acquire, true, {200, 210});
    EXPECT_EQ(pause_of_a(drawing, Model::mutex).outcome, Outcome::undecided);
}

TEST(Pauses, AShortPauseProvesNothing) {
    Drawing drawing;
    drawing.lock("a", acquire, true, {0, 10}).lock("b", acquire, true, {200, 210});
    EXPECT_EQ(pause_of_a(drawing, Model::mutex, 21).outcome, Outcome::undecided);
}

TEST(Pauses, AReadMissesASilentMember) {
    Drawing drawing;
    drawing.member("a", join, "m", true, {0, 10}).members("b", {"m"}, {150, 160});
    EXPECT_EQ(pause_of_a(drawing, Model::group).outcome, Outcome::held);
    drawing.members("b", {}, {200, 210});
    EXPECT_EQ(pause_of_a(drawing, Model::group).outcome, Outcome::violated);
}

TEST(Pauses, AnotherReadsAnotherLeader) {
    Drawing drawing;
    drawing.lock("a", acquire, true, {0, 10}).read("b", "a", {150, 160});
    EXPECT_EQ(pause_of_a(drawing, Model::leader).outcome, Outcome::held);
    drawing.read("b", "null", {200, 210});
    EXPECT_EQ(pause_of_a(drawing, Model::leader).outcome, Outcome::violated);
}

TEST(Pauses, TheOwnerStillHasItAfterwards) {
    Drawing drawing;
    drawing.lock("a", acquire, true, {0, 10}).lock("a", release, true, {310, 320});
    EXPECT_EQ(pause_of_a(drawing, Model::mutex).outcome, Outcome::held);
    drawing.calls.calls.back().agreed = false;
    EXPECT_EQ(pause_of_a(drawing, Model::mutex).outcome, Outcome::violated);
}

TEST(Stretched, TheSameIsLostHoweverLongTheTimeouts) {
    EXPECT_EQ(check_stretched({}, {}).outcome, Outcome::undecided);
    EXPECT_EQ(check_stretched({{"a", "x"}}, {{"a", "x"}}).outcome, Outcome::held);
    const Verdict verdict = check_stretched({{"a", "x"}}, {});
    EXPECT_EQ(verdict.outcome, Outcome::violated);
    EXPECT_EQ(verdict.reason, "a lost x only with timeouts as they are");
}

TEST(Provenance, ATimerOfSilenceAmongTheCausesIsAViolation) {
    std::vector<CausedEvent> trace(4);
    trace[0] = {CausedEvent::none, 1'000'000'000, "a paused", false, false};
    trace[1] = {0, 31'000'000'000, "lease 7 ran out", true, false};
    trace[2] = {1, 31'100'000'000, "key deleted", false, false};
    trace[3] = {2, 31'100'000'000, "a lost x", false, true};
    const Verdict verdict = check_provenance(trace);
    EXPECT_EQ(verdict.outcome, Outcome::violated);
    EXPECT_NE(verdict.reason.find("lease 7 ran out -> 31.100000 s key deleted -> "),
              std::string::npos)
        << verdict.reason;
    trace[1].silence_timer = false;
    EXPECT_EQ(check_provenance(trace).outcome, Outcome::held);
    trace[3].loss = false;
    EXPECT_EQ(check_provenance(trace).outcome, Outcome::undecided);
}

TEST(PromptRelease, WhatTheDeadHeldIsFreeSoon) {
    Drawing drawing;
    drawing.lock("a", acquire, true, {0, 10}).lock("b", acquire, false, {105, 108});
    drawing.lock("b", acquire, true, {130, 140}).lock("c", acquire, false, {150, 160});
    const std::vector<Silence> deaths = {{drawing.calls.text("a"), 100}};
    EXPECT_EQ(check_prompt_release(drawing.calls, Model::mutex, deaths, 20).outcome, Outcome::held);
    drawing.calls.calls[2].agreed = false;
    EXPECT_EQ(check_prompt_release(drawing.calls, Model::mutex, deaths, 20).outcome,
              Outcome::violated);
    EXPECT_EQ(check_prompt_release(drawing.calls, Model::mutex, deaths, 200).outcome,
              Outcome::undecided);
}

TEST(PromptRelease, TheDeadAreNoMembers) {
    Drawing drawing;
    drawing.member("a", join, "m", true, {0, 10}).members("b", {}, {130, 140});
    const std::vector<Silence> deaths = {{drawing.calls.text("a"), 100}};
    EXPECT_EQ(check_prompt_release(drawing.calls, Model::group, deaths, 20).outcome, Outcome::held);
    drawing.members("b", {"m"}, {150, 160});
    EXPECT_EQ(check_prompt_release(drawing.calls, Model::group, deaths, 20).outcome,
              Outcome::violated);
}

}  // namespace
}  // namespace conclave::properties
