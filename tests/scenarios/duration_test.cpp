#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "conclave/scenarios/plan.hpp"

namespace conclave::scenarios {
namespace {

using namespace std::chrono_literals;

Duration parsed(std::string_view text) {
    Duration duration{};
    EXPECT_TRUE(parse_duration(text, duration)) << text;
    return duration;
}

TEST(DurationText, KnowsFourUnitsAndFractions) {
    EXPECT_EQ(parsed("1.5s"), 1500ms);
    EXPECT_EQ(parsed("20ms"), 20ms);
    EXPECT_EQ(parsed("-3us"), -3us);
    EXPECT_EQ(parsed("7ns"), 7ns);
}

TEST(DurationText, RefusesWhatIsNotOne) {
    Duration duration{};
    for (const char* text : {"", "5", "s", "1.s", "1 s", "--1s", "1m", "1e3s", "99999999999999s"})
        EXPECT_FALSE(parse_duration(text, duration)) << text;
}

RC_GTEST_PROP(DurationText, RoundTrips, ()) {
    const auto count = *rc::gen::inRange<std::int64_t>(-4'000'000'000'000, 4'000'000'000'000);
    Duration back{};
    RC_ASSERT(parse_duration(to_text(Duration(count)), back));
    RC_ASSERT(back == Duration(count));
}

}  // namespace
}  // namespace conclave::scenarios
