#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "conclave/properties/checkers.hpp"

namespace conclave::properties {
namespace {

Hold hold(std::string client, std::int64_t begin, std::int64_t end, std::uint64_t token = 0) {
    return {std::move(client), "L", token, begin, begin, end, HoldEnd::released};
}

TEST(Exclusion, AHoldThatEndsWhenTheNextBeginsDoesNotOverlap) {
    const Verdict verdict = check_exclusion("exclusion", {hold("a", 0, 10), hold("b", 10, 20)});
    EXPECT_EQ(verdict.outcome, Outcome::held);
    EXPECT_EQ(verdict.cases, 1u);
}

TEST(Exclusion, NamesBothHoldersAndTheInstant) {
    const Verdict verdict =
        check_exclusion("exclusion", {hold("b", 9'000'000, 20'000'000), hold("a", 0, 10'000'000)});
    EXPECT_EQ(verdict.outcome, Outcome::violated);
    EXPECT_EQ(verdict.at_ns, 9'000'000);
    EXPECT_NE(verdict.reason.find("a from 0.000000 s"), std::string::npos) << verdict.reason;
    EXPECT_NE(verdict.reason.find("b from 0.009000 s"), std::string::npos) << verdict.reason;
}

TEST(Exclusion, FindsAnOverlapWithAHoldThatIsNotTheOneBefore) {
    const Verdict verdict = check_exclusion(
        "exclusion", {hold("a", 0, 100), hold("b", 100, 101), hold("c", 101, 200), hold("d", 150, 151)});
    EXPECT_EQ(verdict.outcome, Outcome::violated);
    EXPECT_EQ(verdict.at_ns, 150);
}

TEST(Exclusion, DifferentObjectsDoNotExcludeEachOther) {
    Hold other = hold("b", 5, 15);
    other.object = "M";
    EXPECT_EQ(check_exclusion("exclusion", {hold("a", 0, 10), other}).outcome, Outcome::undecided);
}

TEST(Exclusion, ThoseWhoShareExcludeOnlyWhoIsAlone) {
    Hold reader = hold("a", 0, 20, 1), other = hold("b", 5, 10, 1);
    reader.shared = other.shared = true;
    EXPECT_EQ(check_exclusion("exclusion", {reader, other}).outcome, Outcome::held);
    EXPECT_EQ(check_tokens("fencing", {reader, other}).outcome, Outcome::undecided);
    const Verdict verdict = check_exclusion("exclusion", {reader, other, hold("c", 15, 16)});
    EXPECT_EQ(verdict.outcome, Outcome::violated);
    EXPECT_NE(verdict.reason.find("shared"), std::string::npos) << verdict.reason;
}

TEST(Exclusion, AnEmptyHistoryIsUndecided) {
    EXPECT_EQ(check_exclusion("exclusion", {}).outcome, Outcome::undecided);
}

TEST(Tokens, EqualTokensAreAViolationEvenForOverlappingHolds) {
    const Verdict verdict = check_tokens("fencing", {hold("a", 0, 10, 3), hold("b", 5, 15, 3)});
    EXPECT_EQ(verdict.outcome, Outcome::violated);
}

TEST(Tokens, AreViolatedWhenTheSecondHoldBegins) {
    Hold late = hold("a", 9, 10, 3);
    late.call_ns = 0;  // called first
    Hold early = hold("b", 5, 15, 3);
    EXPECT_EQ(check_tokens("fencing", {late, early}).at_ns, 9);
    EXPECT_EQ(check_tokens("fencing", {early, late}).at_ns, 9);
}

TEST(Tokens, ConcurrentAcquisitionsMayReturnInEitherOrder) {
    Hold slow = hold("a", 10, 20, 1);
    slow.call_ns = 0;  // called before b's returned
    EXPECT_EQ(check_tokens("fencing", {slow, hold("b", 5, 6, 2)}).outcome, Outcome::held);
}

TEST(Tokens, ALaterAcquisitionNeedsALargerToken) {
    EXPECT_EQ(check_tokens("fencing", {hold("a", 0, 1, 5), hold("b", 10, 11, 4)}).outcome,
              Outcome::violated);
}

/// The definition, read literally: quadratic.
bool overlap_by_definition(const std::vector<Hold>& holds) {
    for (std::size_t i = 0; i < holds.size(); ++i)
        for (std::size_t j = i + 1; j < holds.size(); ++j) {
            const Hold &a = holds[i], &b = holds[j];
            const auto from = std::max(a.begin_ns, b.begin_ns);
            if (a.shared && b.shared) continue;
            if (a.object == b.object && from < std::min(a.end_ns, b.end_ns)) return true;
        }
    return false;
}

bool token_conflict_by_definition(const std::vector<Hold>& holds) {
    for (const Hold& a : holds)
        for (const Hold& b : holds) {
            if (a.shared || b.shared) continue;
            if (&a == &b || a.object != b.object || a.token == 0 || b.token == 0) continue;
            if (a.token == b.token || (a.begin_ns < b.call_ns && a.token >= b.token)) return true;
        }
    return false;
}

std::vector<Hold> arbitrary_holds(bool dense) {
    const auto time = rc::gen::inRange<std::int64_t>(0, dense ? 12 : 200);
    const auto one = rc::gen::map(
        rc::gen::tuple(rc::gen::inRange(0, 2), time, time, time, rc::gen::inRange(0, 9),
                       rc::gen::arbitrary<bool>()),
        [](const auto& drawn) {
            const auto& [object, call, wait, length, token, shared] = drawn;
            return Hold{"c", object ? "L" : "M", static_cast<std::uint64_t>(token), call,
                        call + wait, call + wait + length, HoldEnd::released, shared};
        });
    return *rc::gen::container<std::vector<Hold>>(one);
}

RC_GTEST_PROP(Exclusion, AgreesWithItsDefinition, ()) {
    const std::vector<Hold> holds = arbitrary_holds(*rc::gen::arbitrary<bool>());
    const bool found = check_exclusion("exclusion", holds).outcome == Outcome::violated;
    RC_CLASSIFY(found, "violating");
    RC_ASSERT(found == overlap_by_definition(holds));
}

RC_GTEST_PROP(Tokens, AgreeWithTheirDefinition, ()) {
    const std::vector<Hold> holds = arbitrary_holds(*rc::gen::arbitrary<bool>());
    const bool found = check_tokens("fencing", holds).outcome == Outcome::violated;
    RC_CLASSIFY(found, "violating");
    RC_ASSERT(found == token_conflict_by_definition(holds));
}

}  // namespace
}  // namespace conclave::properties
