// Values from JSON and to JSON.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "conclave/error.hpp"
#include "conclave/value.hpp"

namespace conclave {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr std::int64_t int64_min = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t int64_max = std::numeric_limits<std::int64_t>::max();
constexpr std::uint64_t uint64_max = std::numeric_limits<std::uint64_t>::max();

/// What is said of `text`, without the effect, which is none.
std::string problem_of(std::string_view text) {
    try {
        Value::json(text);
    } catch (const SerializationError& error) {
        EXPECT_EQ(error.effect(), Effect::none);
        return error.what();
    }
    ADD_FAILURE() << text << " was accepted";
    return {};
}

std::string nested(std::size_t arrays) {
    return std::string(arrays, '[') + "1" + std::string(arrays, ']');
}

TEST(ValueJson, GivesEveryKindOfValue) {
    EXPECT_EQ(Value::json(" null "), Value());
    EXPECT_EQ(Value::json("true"), Value(true));
    EXPECT_EQ(Value::json("1.5"), Value(1.5));
    EXPECT_EQ(Value::json("1e2"), Value(100.0));
    EXPECT_EQ(Value::json(R"("caf\u00e9 \ud83d\ude00\n")"),
              Value("caf\xc3\xa9 \xf0\x9f\x98\x80\n"));
    EXPECT_EQ(Value::json("[]"), Value(Array{}));
    EXPECT_EQ(
        Value::json(R"({"zone":"a","weights":[1,{"x":null}],"none":{}})"),
        Value(Map{
            {"zone", "a"}, {"weights", Array{1, Value(Map{{"x", Value()}})}}, {"none", Map{}}}));
}

TEST(ValueJson, IntegersAreExact) {
    EXPECT_EQ(Value::json("-9223372036854775808"), Value(int64_min));
    EXPECT_EQ(Value::json("9223372036854775807"), Value(int64_max));
    EXPECT_EQ(Value::json("9223372036854775808"), Value(std::uint64_t{int64_max} + 1));
    EXPECT_EQ(Value::json("18446744073709551615"), Value(uint64_max));
    EXPECT_EQ(Value::json("7"), Value(7)) << "as code writes it";
}

TEST(ValueJson, AnIntegerThatDoesNotFitIsRefusedAndNotRounded) {
    EXPECT_EQ(problem_of("18446744073709551616"),
              "JSON at byte 19: the integer 18446744073709551616, expected one of -2^63..2^64-1");
    EXPECT_THAT(problem_of("[-9223372036854775809]"), HasSubstr("expected one of -2^63..2^64-1"));
    EXPECT_THAT(problem_of("1e999"), AllOf(StartsWith("JSON at byte "), HasSubstr("1e999")));
}

TEST(ValueJson, WhatIsNoJsonIsNamedWithItsPlaceAndWhatWasExpected) {
    EXPECT_EQ(problem_of(R"({"zone" "a"})"),
              "JSON at byte 10: syntax error while parsing object separator - unexpected string "
              "literal; expected ':'");
    EXPECT_THAT(problem_of(""), AllOf(StartsWith("JSON at byte 0: "), HasSubstr("end of input")));
    EXPECT_THAT(problem_of("{zone:1}"),
                AllOf(StartsWith("JSON at byte 1: "), HasSubstr("expected string literal")));
    EXPECT_THAT(problem_of("[1,2"), AllOf(StartsWith("JSON at byte 4: "), HasSubstr("']'")));
    EXPECT_THAT(problem_of("1 2"),
                AllOf(StartsWith("JSON at byte 2: "), HasSubstr("end of input")));
    EXPECT_THAT(problem_of("\"\xff\""), HasSubstr("UTF-8"));
    EXPECT_THAT(problem_of(R"("\ud800")"), HasSubstr("surrogate"));
    EXPECT_LT(problem_of("[\"" + std::string(100'000, 'x')).size(), 300u);
}

TEST(ValueJson, AKeyMayStandOnce) {
    EXPECT_EQ(problem_of(R"({"a":1,"a":2})"),
              "JSON at byte 9: the key \"a\" again, expected every key once");
    EXPECT_NO_THROW(Value::json(R"([{"a":1},{"a":2}])"));
}

TEST(ValueJson, NestingIsBounded) {
    EXPECT_NO_THROW(Value::json(nested(Value::depth_max)).to_json());
    EXPECT_THAT(problem_of(nested(Value::depth_max + 2)), HasSubstr("nested deeper than 32"));
    EXPECT_THAT(problem_of(nested(1'000'000)), StartsWith("JSON at byte 33: "));
    Value deep(1);
    for (std::size_t i = 0; i < Value::depth_max + 2; ++i) deep = Array{deep};
    EXPECT_THROW(deep.to_json(), SerializationError);
}

TEST(ValueJson, WhatIsWrittenIsReadBack) {
    const Value value(Map{{"text", "say \"no\"\\\n\x01"},
                          {"numbers", Array{int64_min, uint64_max, 0, -0.5, 1e300, 0.1}},
                          {"empty", Array{Map{}, Array{}, Value(), true}}});
    EXPECT_EQ(Value::json(value.to_json()), value);
    EXPECT_EQ(Value(Map{{"zone", "a"}, {"ports", Array{1, 2.0}}}).to_json(),
              R"({"zone":"a","ports":[1,2.0]})");
}

TEST(ValueJson, WhatJsonHasNotIsWrittenAsTheNearest) {
    EXPECT_EQ(Value(Blob{"a\xff"}).to_json(), "\"a\xef\xbf\xbd\"");
    EXPECT_EQ(Value(Map{{Blob{"k"}, 1}, {7, 2}}).to_json(), R"({"k":1,"7":2})");
    EXPECT_EQ(Value(std::nan("")).to_json(), "null");
}

}  // namespace
}  // namespace conclave
