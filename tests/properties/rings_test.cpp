#include <gtest/gtest.h>

#include "conclave/properties/checkers.hpp"

namespace conclave::properties {
namespace {

RingView view(const std::string& client, std::int64_t at, const std::string& fingerprint,
              const std::vector<std::string>& owners = {"a", "b"}) {
    return {client, "g", fingerprint, owners, at};
}
RingView gone(const std::string& client, std::int64_t at) { return {client, "g", "", {}, at}; }

/// Healed at 7, and whoever did not come back has lapsed at 10.
Verdict judged(const std::vector<RingView>& rings, const std::vector<Operation>& operations = {}) {
    History history;
    history.rings = rings;
    history.operations = operations;
    return check_one_ring(history, 7, 3);
}

TEST(OneRing, MembersMayDifferUntilTheyHaveCaughtUp) {
    const Verdict verdict = judged(
        {view("a", 1, "f"), view("b", 2, "h", {"b", "b"}), view("b", 11, "f"), view("a", 12, "f")});
    EXPECT_EQ(verdict.outcome, Outcome::held);
    EXPECT_EQ(verdict.cases, 4u);
}

TEST(OneRing, EqualFingerprintsMeanEqualOwnersAtAnyTime) {
    const Verdict verdict = judged(
        {view("a", 1, "f"), view("b", 2, "f", {"a", "a"}), view("a", 11, "h"), view("b", 11, "h")});
    EXPECT_EQ(verdict.outcome, Outcome::violated);
    EXPECT_EQ(verdict.at_ns, 2);
    EXPECT_EQ(verdict.reason,
              "a at 0.000000 s and b at 0.000000 s tell the fingerprint f, and give object 1 to 'b' "
              "and to 'a'");
}

TEST(OneRing, TheLastLooksAgree) {
    const Verdict verdict = judged({view("a", 11, "f"), view("b", 12, "h")});
    EXPECT_EQ(verdict.outcome, Outcome::violated);
    EXPECT_EQ(verdict.reason,
              "a at 0.000000 s tells f, b at 0.000000 s tells h, and neither looked again");
}

TEST(OneRing, WhoIsNoMemberAnyMoreNeedNotAgree) {
    EXPECT_EQ(judged({view("b", 5, "h"), gone("b", 6), view("a", 11, "f")}).outcome, Outcome::held);
}

TEST(OneRing, AMemberThatCannotLookHasNotCaughtUp) {
    const Verdict verdict = judged({view("b", 5, "f"), view("a", 11, "f")},
                                   {{"b", "look", "g", "connection lost", 11, 12, Status::failed}});
    EXPECT_EQ(verdict.outcome, Outcome::violated);
    EXPECT_EQ(verdict.reason, "b has not looked since 0.000000 s");
}

TEST(OneRing, WhoHadNoTimeToLookIsNotJudged) {
    EXPECT_EQ(judged({view("b", 5, "h"), view("a", 11, "f")}).outcome, Outcome::held);
    EXPECT_EQ(judged({view("b", 5, "h"), view("a", 11, "f")}, {{"b", "look", "g", "", 11}}).outcome,
              Outcome::held);
}

TEST(OneRing, AChangeAfterTheHealingHasToBeNoticedToo) {
    const std::vector<RingView> rings{view("a", 11, "f"), view("b", 21, "h")};
    const Operation late{"b", "weigh", "g", "weighs 3", 15, 17, Status::ok};
    EXPECT_EQ(judged(rings, {late}).outcome, Outcome::held);
    EXPECT_EQ(judged(rings, {late, {"a", "look", "g", "", 20, 21, Status::failed}}).outcome,
              Outcome::violated);
}

TEST(OneRing, NobodyLookedIsUndecided) { EXPECT_EQ(judged({}).outcome, Outcome::undecided); }

}  // namespace
}  // namespace conclave::properties
