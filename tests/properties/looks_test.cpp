#include <gtest/gtest.h>

#include "conclave/properties/checkers.hpp"

namespace conclave::properties {
namespace {

Look look(std::int64_t at, bool valid, std::int64_t deadline) {
    Look look{"a", "L", 7, at, valid, deadline};
    look.signalled = !valid;
    return look;
}

TEST(ToldInTime, AHandleIsValidUntilItsDeadline) {
    EXPECT_EQ(check_told_in_time({look(9, true, 10), look(10, false, 10)}).outcome, Outcome::held);
}

TEST(ToldInTime, AHandleThatIsValidAtItsDeadlineLies) {
    const Verdict verdict = check_told_in_time({look(10'000'000, true, 10'000'000)});
    EXPECT_EQ(verdict.outcome, Outcome::violated);
    EXPECT_EQ(verdict.at_ns, 10'000'000);
    EXPECT_EQ(verdict.reason,
              "a's hold of L (token 7) is valid at 0.010000 s, after its deadline 0.010000 s");
}

TEST(ToldInTime, TheStopTokenMayBeLateOnlyWhileNoTimerCouldRun) {
    Look late = look(12, false, 10);
    late.signalled = false;
    EXPECT_EQ(check_told_in_time({late}).outcome, Outcome::held);
    late.signal_due = true;
    EXPECT_EQ(check_told_in_time({late}).outcome, Outcome::violated);
}

TEST(ToldInTime, NobodyLookedIsUndecided) {
    EXPECT_EQ(check_told_in_time({}).outcome, Outcome::undecided);
}

TEST(BeliefWithinLease, MustNotOutlastTheLeaseHoweverFarItsEndIs) {
    Look good = look(1, true, 10), bad = look(1, true, 11);
    good.free_at_ns = bad.free_at_ns = 10;
    EXPECT_EQ(check_belief_within_lease({good}).outcome, Outcome::held);
    EXPECT_EQ(check_belief_within_lease({good, bad}).outcome, Outcome::violated);
}

TEST(BeliefWithinLease, WhoDoesNotBelieveAnyMoreIsRight) {
    Look gone = look(12, false, 11);
    gone.free_at_ns = 10;
    EXPECT_EQ(check_belief_within_lease({gone}).outcome, Outcome::held);
}

TEST(BeliefWithinLease, AnUnknownLeaseIsNoCase) {
    EXPECT_EQ(check_belief_within_lease({look(1, true, 11)}).outcome, Outcome::undecided);
}

}  // namespace
}  // namespace conclave::properties
