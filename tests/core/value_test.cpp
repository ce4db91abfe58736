#include "conclave/value.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <sstream>

namespace conclave {
namespace {

std::string printed(const Value& value) {
    std::ostringstream out;
    out << value;
    return out.str();
}

TEST(Value, PrintsScalars) {
    EXPECT_EQ(printed({}), "null");
    EXPECT_EQ(printed(true), "true");
    EXPECT_EQ(printed(-7), "-7");
    EXPECT_EQ(printed(std::numeric_limits<std::uint64_t>::max()), "18446744073709551615");
    EXPECT_EQ(printed(1.5), "1.5");
}

TEST(Value, TellsTextFromBytes) {
    EXPECT_EQ(printed("caf\xc3\xa9"), "\"caf\xc3\xa9\"");
    EXPECT_EQ(printed(Blob{std::string("a\0\xff", 3)}), "b\"a\\x00\\xff\"");
    EXPECT_NE(Value("a"), Value(Blob{"a"}));
}

TEST(Value, EscapesQuotesAndControlCharacters) {
    EXPECT_EQ(printed("say \"no\"\\\n"), "\"say \\\"no\\\"\\\\\\x0a\"");
}

TEST(Value, PrintsNestedContainersInTheirOrder) {
    const Value value(Map{{"zone", "a"}, {"weights", Array{1, 2, Value{}}}, {"empty", Map{}}});
    EXPECT_EQ(printed(value), R"({"zone": "a", "weights": [1, 2, null], "empty": {}})");
}

TEST(Value, IsReadByItsType) {
    const Value value(5);
    ASSERT_NE(value.get_if<std::int64_t>(), nullptr);
    EXPECT_EQ(*value.get_if<std::int64_t>(), 5);
    EXPECT_EQ(value.get_if<std::string>(), nullptr);
    EXPECT_TRUE(Value{}.is_null());
}

}  // namespace
}  // namespace conclave
