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

TEST(Losses, AreWhatNobodyHadAskedToEnd) {
    Drawing drawing;
    drawing.lock("a", acquire, true, {0, 10}).lock("b", acquire, false, {20, 30});
    const auto losses = [&](Model model) { return losses_of(drawing.calls, model, {}); };
    EXPECT_TRUE(losses(Model::mutex).empty());
    drawing.lock("b", acquire, true, {40, 50});
    EXPECT_EQ(losses(Model::mutex), (std::set<Loss>{{"a", "x"}}));
    drawing.calls.calls.back().agreed = false;
    drawing.lock("a", release, false, {60, 70});
    EXPECT_EQ(losses(Model::mutex), (std::set<Loss>{{"a", "x"}}));
}

TEST(Losses, WhatWasAskedForMeanwhileIsNone) {
    Drawing drawing;
    drawing.lock("a", acquire, true, {0, 10}).lock("a", release, true, {45, 48});
    drawing.lock("b", acquire, true, {40, 50});
    EXPECT_TRUE(losses_of(drawing.calls, Model::mutex, {}).empty());
}

TEST(Losses, AReadMissesAMember) {
    Drawing drawing;
    drawing.member("a", join, "m", true, {0, 10}).members("b", {"m"}, {20, 30});
    EXPECT_TRUE(losses_of(drawing.calls, Model::group, {}).empty());
    drawing.members("b", {}, {40, 50});
    const std::map<TextId, TextId> places = {{drawing.calls.text("a"), drawing.calls.text("h1")}};
    EXPECT_EQ(losses_of(drawing.calls, Model::group, places), (std::set<Loss>{{"h1", "x"}}));
}

TEST(Provenance, AnEndIsALossWhileSomebodyHadIt) {
    Drawing drawing;
    drawing.lock("a", acquire, true, {0, 10}).lock("a", release, true, {60, 70});
    const TextId x = drawing.calls.text("x"), a = drawing.calls.text("a");
    const auto ended = [&](std::int64_t at_ns, bool timer) {
        return check_provenance(caused_losses(drawing.calls, {{x, a, at_ns, "why", timer}}))
            .outcome;
    };
    EXPECT_EQ(ended(40, true), Outcome::violated);
    EXPECT_EQ(ended(40, false), Outcome::held);
    EXPECT_EQ(ended(5, true), Outcome::undecided) << "not had yet";
    EXPECT_EQ(ended(65, true), Outcome::undecided) << "it was being given back";
    const TextId b = drawing.calls.text("b");
    EXPECT_EQ(check_provenance(caused_losses(drawing.calls, {{x, b, 40, "why", true}})).outcome,
              Outcome::undecided)
        << "of another";
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
