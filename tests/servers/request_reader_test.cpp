#include "server/request_reader.hpp"

#include <gtest/gtest.h>

namespace conclave::servers::redis {

namespace {

using Next = RequestReader::Next;
using Words = std::vector<std::string>;

/// Everything that the reader makes of `bytes`, cut after every `piece` bytes.
std::vector<Words> read_all(std::string_view bytes, std::size_t piece, std::string* error = nullptr) {
    RequestReader reader;
    std::vector<Words> requests;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        reader.feed(bytes.substr(at, piece));
        Arguments arguments;
        Next next = Next::need_more;
        while ((next = reader.next(arguments)) == Next::request)
            requests.emplace_back(arguments.begin(), arguments.end());
        if (next == Next::malformed && error) *error = reader.error();
        if (next == Next::malformed) break;
    }
    return requests;
}

std::string error_of(std::string_view bytes) {
    std::string error = "none";
    read_all(bytes, bytes.size(), &error);
    return error;
}

}  // namespace

TEST(RequestReader, ReadsPipelinesHoweverTheyAreCut) {
    constexpr std::string_view bytes =
        "*2\r\n$3\r\nGET\r\n$1\r\nk\r\nPING\r\n*0\r\n*1\r\n$4\r\nPING\r\n"
        "SET k \"a\\x41\\n\" 'it\\'s'\r\n\r\n*3\r\n$3\r\nSET\r\n$0\r\n\r\n$4\r\n\r\n\r\n\r\n";
    const std::vector<Words> expected = {{"GET", "k"}, {"PING"}, {}, {"PING"},
                                         {"SET", "k", "aA\n", "it's"}, {},
                                         {"SET", "", "\r\n\r\n"}};
    for (std::size_t piece = 1; piece <= bytes.size(); ++piece)
        EXPECT_EQ(read_all(bytes, piece), expected) << "in pieces of " << piece;
}

TEST(RequestReader, SaysWhatTheRealServerSays) {
    EXPECT_EQ(error_of("*x\r\n"), "Protocol error: invalid multibulk length");
    EXPECT_EQ(error_of("*2147483648\r\n"), "Protocol error: invalid multibulk length");
    EXPECT_EQ(error_of("*1\r\nPING\r\n"), "Protocol error: expected '$', got 'P'");
    EXPECT_EQ(error_of("*1\r\n$-1\r\n"), "Protocol error: invalid bulk length");
    EXPECT_EQ(error_of("*1\r\n$536870913\r\n"), "Protocol error: invalid bulk length");
    EXPECT_EQ(error_of("SET k \"open\r\n"), "Protocol error: unbalanced quotes in request");
    EXPECT_EQ(error_of(std::string(70'000, 'a')), "Protocol error: too big inline request");
    EXPECT_EQ(error_of("*" + std::string(70'000, '1')),
              "Protocol error: too big mbulk count string");
}

TEST(RequestReader, StrangerMayNotAnnounceMuch) {
    RequestReader reader;
    reader.set_trusted(false);
    reader.feed("*11\r\n");
    Arguments arguments;
    EXPECT_EQ(reader.next(arguments), Next::malformed);
    EXPECT_EQ(reader.error(), "Protocol error: unauthenticated multibulk length");
}

TEST(RequestReader, AnnouncedLengthTakesNoMemoryUntilItComes) {
    RequestReader reader;
    reader.feed("*1000000\r\n$500000000\r\nabc");
    Arguments arguments;
    EXPECT_EQ(reader.next(arguments), Next::need_more);
    EXPECT_LT(reader.buffered(), 100u);
}

TEST(RequestReader, EndlessRequestIsCutOff) {
    RequestReader reader;
    reader.feed("*2\r\n$500000000\r\n");
    Arguments arguments;
    const std::string chunk(1024 * 1024, 'x');
    Next next = Next::need_more;
    for (int i = 0; i < 20 && next == Next::need_more; ++i) {
        reader.feed(chunk);
        next = reader.next(arguments);
    }
    EXPECT_EQ(next, Next::malformed);
    EXPECT_EQ(reader.error(), "") << "closed without a word, as the real server does";
}

TEST(RequestReader, TellsTheBytesOfEachRequest) {
    RequestReader reader;
    reader.feed("PING\r\n*1\r\n$4\r\nECHO\r\n");
    Arguments arguments;
    ASSERT_EQ(reader.next(arguments), Next::request);
    EXPECT_EQ(reader.raw(), "PING\r\n");
    ASSERT_EQ(reader.next(arguments), Next::request);
    EXPECT_EQ(reader.raw(), "*1\r\n$4\r\nECHO\r\n");
}

}  // namespace conclave::servers::redis
