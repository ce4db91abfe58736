#include <gtest/gtest.h>

#include "conclave/properties/checkers.hpp"

namespace conclave::properties {
namespace {

constexpr std::int64_t millisecond = 1'000'000;
constexpr std::int64_t poll = 100 * millisecond;

std::string owner(int number) { return "owner-" + std::to_string(number); }

/// `count` waiters who ask at 0 and at 1 s, and in between at `between(waiter)`.
template <class Between>
std::vector<Ask> waiting(int count, Between between) {
    std::vector<Ask> asks;
    for (int each = 0; each < count; ++each)
        for (const std::int64_t at : {std::int64_t{0}, between(each), 1000 * millisecond + each * poll})
            asks.push_back({"L", owner(each), at});
    return asks;
}

std::int64_t spread(int waiter) { return 50 * millisecond + waiter * millisecond; }
std::int64_t together(int) { return 100 * millisecond; }

TEST(NoHerd, WaitersWhoSpreadOverTheIntervalAreNone) {
    const Verdict verdict = check_no_herd(waiting(30, spread), poll);
    EXPECT_EQ(verdict.outcome, Outcome::held);
    EXPECT_GE(verdict.cases, 30u);
}

TEST(NoHerd, WaitersWhoComeBackTogetherAreOne) {
    const Verdict verdict = check_no_herd(waiting(30, together), poll);
    EXPECT_EQ(verdict.outcome, Outcome::violated);
    EXPECT_EQ(verdict.object, "L");
    EXPECT_EQ(verdict.at_ns, 100 * millisecond);
    EXPECT_EQ(verdict.reason, "16 of 30 waiters looked again within 0.002000 s");
}

TEST(NoHerd, HalfOfThemMayMeet) {
    const auto half = [](int waiter) { return waiter < 15 ? together(waiter) : spread(waiter + 80); };
    EXPECT_EQ(check_no_herd(waiting(30, half), poll).outcome, Outcome::held);
}

TEST(NoHerd, WhatTheirCallersBeginTogetherIsNotTheirs) {
    const auto script_again = [](int) { return 3 * millisecond; };
    EXPECT_EQ(check_no_herd(waiting(30, script_again), poll).outcome, Outcome::held);
}

TEST(NoHerd, AFewMayMeetByChance) {
    EXPECT_EQ(check_no_herd(waiting(23, together), poll).outcome, Outcome::undecided);
}

TEST(NoHerd, AWaiterWhoAsksAllTheTimeIsOneByItself) {
    std::vector<Ask> asks;
    for (int each = 0; each < 30; ++each) asks.push_back({"L", owner(1), each * 10 * millisecond});
    const Verdict verdict = check_no_herd(asks, poll);
    EXPECT_EQ(verdict.outcome, Outcome::violated);
    EXPECT_EQ(verdict.reason,
              "one waiter asked 30 times in 0.290000 s, and looks again after 0.050000 s at the "
              "earliest");
}

TEST(NoHerd, NobodyWaitedIsUndecided) {
    EXPECT_EQ(check_no_herd({}, poll).outcome, Outcome::undecided);
}

}  // namespace
}  // namespace conclave::properties
