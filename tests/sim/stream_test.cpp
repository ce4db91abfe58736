#include "conclave/sim/stream.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace conclave::sim {
namespace {

TEST(Stream, HasKnownNumbers) {
    // Golden: a seed must mean the same for ever and on every compiler.
    Stream stream(1);
    EXPECT_EQ(stream.next(), 12966619160104079557u);
    EXPECT_EQ(stream.next(), 9600361134598540522u);
}

TEST(Stream, SplitsDoNotDependOnWhatWasDrawn) {
    Stream fresh(7);
    Stream used(7);
    for (int draw = 0; draw < 100; ++draw) used.next();
    EXPECT_EQ(fresh.split("faults").next(), used.split("faults").next());
}

TEST(Stream, SplitsByNameDiffer) {
    const Stream root(7);
    EXPECT_NE(root.split("a").next(), root.split("b").next());
    EXPECT_NE(root.split("a").split("b").next(), root.split("b").split("a").next());
    EXPECT_NE(root.split("a").next(), Stream(8).split("a").next());
}

RC_GTEST_PROP(Stream, StaysWithinItsBounds, (std::uint64_t seed, std::uint64_t bound)) {
    Stream stream(seed);
    RC_ASSERT(stream.below(bound) < std::max<std::uint64_t>(bound, 1));
}

RC_GTEST_PROP(Stream, DrawsDurationsFromAClosedRange, (std::uint64_t seed)) {
    Stream stream(seed);
    bool low = false, high = false;
    for (int draw = 0; draw < 200; ++draw) {
        const Duration drawn = stream.between(Duration(3), Duration(5));
        RC_ASSERT(drawn >= Duration(3) && drawn <= Duration(5));
        low = low || drawn == Duration(3);
        high = high || drawn == Duration(5);
    }
    RC_ASSERT(low && high);
}

TEST(Stream, TakesAChanceAsOftenAsTold) {
    Stream stream(3);
    int taken = 0;
    for (int draw = 0; draw < 100'000; ++draw) taken += stream.chance(0.25);
    EXPECT_NEAR(taken, 25'000, 1'000);
    EXPECT_FALSE(stream.chance(0));
    EXPECT_TRUE(stream.chance(1));
}

}  // namespace
}  // namespace conclave::sim
