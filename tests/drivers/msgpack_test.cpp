#include "conclave/codec/msgpack.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

namespace conclave::msgpack {
namespace {

using ::testing::HasSubstr;

std::string from_hex(std::string_view hex) {
    std::string bytes;
    for (std::size_t i = 0; i < hex.size(); i += 2)
        bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
    return bytes;
}

struct Golden {
    Value value;
    std::string hex;  ///< from oslo.serialization 5.0.0, msgpackutils.dumps()
};

std::vector<Golden> goldens() {
    return {
        {Value(), "c0"},
        {true, "c3"},
        {false, "c2"},
        {0, "00"},
        {127, "7f"},
        {128, "cc80"},
        {255, "ccff"},
        {256, "cd0100"},
        {65535, "cdffff"},
        {65536, "ce00010000"},
        {std::int64_t{4294967295}, "ceffffffff"},
        {std::int64_t{4294967296}, "cf0000000100000000"},
        {INT64_MAX, "cf7fffffffffffffff"},
        {std::uint64_t{1} << 63, "cf8000000000000000"},
        {UINT64_MAX, "cfffffffffffffffff"},
        {-1, "ff"},
        {-32, "e0"},
        {-33, "d0df"},
        {-128, "d080"},
        {-129, "d1ff7f"},
        {-32768, "d18000"},
        {-32769, "d2ffff7fff"},
        {std::int64_t{-2147483648}, "d280000000"},
        {std::int64_t{-2147483649}, "d3ffffffff7fffffff"},
        {INT64_MIN, "d38000000000000000"},
        {1.5, "cb3ff8000000000000"},
        {"", "a0"},
        {"ü€😀", "a9c3bce282acf09f9880"},
        {Blob{""}, "c400"},
        {Blob{"ab"}, "c4026162"},
        {Array{1, "x", Value()}, "9301a178c0"},
        {Map{{"zone", "a"}, {"weight", 2}}, "82a47a6f6e65a161a677656967687402"},
        {Map{{Blob{"k"}, Blob{"v"}}}, "81c4016bc40176"},
    };
}

TEST(Msgpack, WritesAndReadsWhatPythonWrites) {
    for (const Golden& golden : goldens()) {
        const Packed packed = pack(golden.value);
        EXPECT_EQ(packed.problem, "");
        EXPECT_EQ(packed.bytes, from_hex(golden.hex)) << golden.hex;
        const Unpacked unpacked = unpack(from_hex(golden.hex));
        EXPECT_EQ(unpacked.problem, "") << golden.hex;
        EXPECT_EQ(unpacked.value, golden.value) << golden.hex;
    }
}

TEST(Msgpack, ChoosesTheHeaderByLength) {
    const auto header = [](const Value& value, std::size_t bytes) {
        return pack(value).bytes.substr(0, bytes);
    };
    EXPECT_EQ(header(std::string(31, 'a'), 1), from_hex("bf"));
    EXPECT_EQ(header(std::string(32, 'a'), 2), from_hex("d920"));
    EXPECT_EQ(header(std::string(256, 'a'), 3), from_hex("da0100"));
    EXPECT_EQ(header(std::string(65536, 'a'), 5), from_hex("db00010000"));
    EXPECT_EQ(header(Blob{std::string(256, 'a')}, 3), from_hex("c50100"));
    EXPECT_EQ(header(Array(16), 3), from_hex("dc0010"));
    EXPECT_EQ(header(Map(16, {"k", 0}), 3), from_hex("de0010"));
}

TEST(Msgpack, ReadsPythonsExtensionTypesAsTheirPlainContent) {
    const auto read = [](std::string_view hex) { return unpack(from_hex(hex)).value; };
    EXPECT_EQ(read("c720003132333435363738313233343536373831323334353637383132333435363738"),
              Value("12345678123456781234567812345678"));
    EXPECT_EQ(read("d5049101"), Value(Array{1}));
    EXPECT_EQ(read("c70305920102"), Value(Array{1, 2}));
    EXPECT_EQ(read("c7150783a479656172cd07e8a56d6f6e746801a364617902"),
              Value(Map{{"year", 2024}, {"month", 1}, {"day", 2}}));
    EXPECT_EQ(read("c70302920502"), Value(Array{5, 2}));
}

TEST(Msgpack, NamesWhatItCannotRead) {
    const auto problem = [](std::string_view hex) { return unpack(from_hex(hex)).problem; };
    EXPECT_THAT(problem(""), HasSubstr("1 bytes expected, 0 are there"));
    EXPECT_THAT(problem("c1"), HasSubstr("0xc1"));
    EXPECT_THAT(problem("a2ff41"), HasSubstr("not UTF-8"));
    EXPECT_THAT(problem("810102"), HasSubstr("map key"));
    EXPECT_THAT(problem("0000"), HasSubstr("1 bytes after the value"));
    EXPECT_THAT(problem("d42a00"), HasSubstr("extension type 42"));
    EXPECT_THAT(problem("ddffffffff01"), HasSubstr("are there"));
    EXPECT_THAT(problem("c6ffffffff"), HasSubstr("4294967295 bytes expected, 0 are there"));
    EXPECT_THAT(unpack(std::string(1000, '\x91')).problem, HasSubstr("nested deeper"));
}

TEST(Msgpack, RefusesToWriteWhatPythonCannotRead) {
    EXPECT_THAT(pack(Map{{1, 2}}).problem, HasSubstr("map key"));
    EXPECT_THAT(pack(std::string("\xff")).problem, HasSubstr("not UTF-8"));
    Value deep = 1;
    for (int i = 0; i <= depth_max; ++i) deep = Array{std::move(deep)};
    EXPECT_THAT(pack(deep).problem, HasSubstr("nested deeper"));
}

TEST(Msgpack, KnowsWellFormedUtf8) {
    for (const char* text : {"", "a", "\xc2\x80", "\xef\xbf\xbf", "\xf4\x8f\xbf\xbf"})
        EXPECT_TRUE(is_utf8(text)) << text;
    // Overlong, surrogate, beyond the last code point, cut short, lone continuation.
    for (const char* text :
         {"\xc1\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "\x80"})
        EXPECT_FALSE(is_utf8(text)) << text;
}

RC_GTEST_PROP(Msgpack, SurvivesAnyBytes, (const std::string& bytes)) {
    const Unpacked unpacked = unpack(bytes);
    // What can be read can be written, and means the same.
    if (unpacked.problem.empty()) RC_ASSERT(unpack(pack(unpacked.value).bytes).problem.empty());
}

RC_GTEST_PROP(Msgpack, NoticesEveryTruncation, ()) {
    const Value value = Map{{"bytes", Blob{*rc::gen::arbitrary<std::string>()}},
                            {"numbers", Array{*rc::gen::arbitrary<std::int64_t>(), 2.5}}};
    const std::string bytes = pack(value).bytes;
    const auto length = *rc::gen::inRange<std::size_t>(0, bytes.size());
    RC_ASSERT(!unpack(std::string_view(bytes).substr(0, length)).problem.empty());
    RC_ASSERT(unpack(bytes).value == value);
}

}  // namespace
}  // namespace conclave::msgpack
