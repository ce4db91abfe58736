#include "conclave/codec/resp.hpp"

#include <gmock/gmock.h>

namespace conclave::resp {
namespace {

using namespace std::string_literals;
using ::testing::HasSubstr;

/// Bytes as redis-server 7.0.15 sent them, and what they mean.
struct Golden {
    std::string bytes;
    Reply reply;
};

std::vector<Golden> goldens() {
    return {
        {"+OK\r\n", status("OK")},
        {"-ERR unknown command 'FOO', with args beginning with: \r\n",
         error("ERR unknown command 'FOO', with args beginning with: ")},
        {":-1\r\n", integer(-1)},
        {":9223372036854775807\r\n", integer(INT64_MAX)},
        {"$-1\r\n", null()},
        {"$0\r\n\r\n", bulk("")},
        {"$4\r\na\r\nb\r\n", bulk("a\r\nb")},
        {"*-1\r\n", null_array()},
        {"*0\r\n", array({})},
        {"*3\r\n$6\r\nmaster\r\n:0\r\n*0\r\n", array({bulk("master"), integer(0), array({})})},
        {"*2\r\n$9\r\n127.0.0.1\r\n$4\r\n6379\r\n", array({bulk("127.0.0.1"), bulk("6379")})},
        {"*3\r\n$-1\r\n*1\r\n*1\r\n+x\r\n-NO y\r\n",
         array({null(), array({array({status("x")})}), error("NO y")})},
    };
}

TEST(RespReader, ReadsGoldenMessagesCutAtEveryPoint) {
    for (const Golden& golden : goldens()) {
        for (std::size_t cut = 0; cut <= golden.bytes.size(); ++cut) {
            Reader reader;
            Reply reply;
            reader.feed(golden.bytes.substr(0, cut));
            if (cut < golden.bytes.size()) {
                ASSERT_EQ(reader.next(reply), Decode::need_more) << golden.bytes << " at " << cut;
            }
            reader.feed(golden.bytes.substr(cut));
            ASSERT_EQ(reader.next(reply), Decode::message) << golden.bytes << " at " << cut;
            EXPECT_EQ(reply, golden.reply);
            EXPECT_EQ(reader.buffered(), 0U);
        }
    }
}

TEST(RespReader, ReadsMessagesThatArriveTogether) {
    Reader reader;
    for (const Golden& golden : goldens()) reader.feed(golden.bytes);
    Reply reply;
    for (const Golden& golden : goldens()) {
        ASSERT_EQ(reader.next(reply), Decode::message);
        EXPECT_EQ(reply, golden.reply);
    }
    EXPECT_EQ(reader.next(reply), Decode::need_more);
}

TEST(RespReader, RefusesWhatIsNotRespAndStaysRefusing) {
    for (const std::string bytes :
         {"HTTP/1.1 400 Bad Request\r\n", "%1\r\n", ":12a\r\n", "$x\r\n", "$-2\r\n", "*-2\r\n",
          "*99999999999\r\n", "$99999999999999999999\r\n"}) {
        Reader reader;
        Reply reply;
        reader.feed(bytes);
        ASSERT_EQ(reader.next(reply), Decode::malformed) << bytes;
        EXPECT_NE(reader.error(), "") << bytes;
        reader.feed("+OK\r\n");
        EXPECT_EQ(reader.next(reply), Decode::malformed) << bytes;
    }
}

TEST(RespReader, RefusesAnAnnouncedBulkStringBeforeItsBytesCome) {
    Reader reader({.bulk_bytes_max = 100});
    Reply reply;
    reader.feed("$101\r\n");
    ASSERT_EQ(reader.next(reply), Decode::malformed);
    EXPECT_THAT(std::string(reader.error()), HasSubstr("101 bytes of text, expected at most 100"));
}

TEST(RespReader, BoundsTheTextOfAllPartsTogether) {
    Reader reader({.bulk_bytes_max = 10});
    Reply reply;
    reader.feed("*2\r\n$6\r\nabcdef\r\n$6\r\nabcdef\r\n");
    ASSERT_EQ(reader.next(reply), Decode::malformed);
    EXPECT_THAT(std::string(reader.error()), HasSubstr("12 bytes of text, expected at most 10"));
}

TEST(RespReader, RefusesAHugeElementCountBeforeMemoryIsSpent) {
    Reader reader;
    Reply reply;
    reader.feed("*2147483647\r\n");
    ASSERT_EQ(reader.next(reply), Decode::malformed);
    EXPECT_THAT(std::string(reader.error()), HasSubstr("array of 2147483647 elements"));
}

TEST(RespReader, CountsTheElementsOfNestedArraysTogether) {
    Reader reader({.elements_max = 5});
    Reply reply;
    reader.feed("*2\r\n*2\r\n:1\r\n:2\r\n*2\r\n");
    EXPECT_EQ(reader.next(reply), Decode::malformed);
}

TEST(RespReader, StartsCountingAnewWithEachMessage) {
    Reader reader({.bulk_bytes_max = 4, .elements_max = 2});
    Reply reply;
    for (int i = 0; i < 3; ++i) {
        reader.feed("*2\r\n$2\r\nab\r\n$2\r\ncd\r\n");
        ASSERT_EQ(reader.next(reply), Decode::message);
    }
}

TEST(RespReader, RefusesALineWithoutAnEnd) {
    Reader reader;
    Reply reply;
    reader.feed("+" + std::string(70'000, 'x'));
    EXPECT_EQ(reader.next(reply), Decode::malformed);
}

TEST(RespReader, ReadsSevenLevelsAndRefusesMore) {
    const auto nested = [](int arrays) {
        std::string bytes;
        for (int i = 0; i < arrays; ++i) bytes += "*1\r\n";
        return bytes + ":1\r\n";
    };
    Reader seven;
    Reply reply;
    seven.feed(nested(7));
    EXPECT_EQ(seven.next(reply), Decode::message);
    Reader thousand;
    thousand.feed(nested(1000));
    ASSERT_EQ(thousand.next(reply), Decode::malformed);
    EXPECT_THAT(std::string(thousand.error()), HasSubstr("depth"));
}

TEST(RespWriter, WritesCommandsAsArraysOfBulkStrings) {
    std::string out = "before";
    const std::array<std::string_view, 3> words = {"SET", "", std::string_view("\0\r\n", 3)};
    append_command(out, words);
    EXPECT_EQ(out, "before*3\r\n$3\r\nSET\r\n$0\r\n\r\n$3\r\n\0\r\n\r\n"s);
}

TEST(RespWriter, KeepsALineInOneLine) {
    std::string out;
    append_reply(out, error("ERR two\r\nlines"));
    EXPECT_EQ(out, "-ERR two  lines\r\n");
}

}  // namespace
}  // namespace conclave::resp
