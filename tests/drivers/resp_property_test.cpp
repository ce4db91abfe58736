#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "conclave/codec/resp.hpp"

namespace conclave::resp {
namespace {

std::string line() {
    return *rc::gen::container<std::string>(
        rc::gen::suchThat<char>([](char c) { return c != '\r' && c != '\n'; }));
}

/// Any value whose arrays nest at most `depth` levels.
Reply any_reply(int depth) {
    switch (*rc::gen::inRange(0, depth > 0 ? 7 : 6)) {
        case 0: return status(line());
        case 1: return error(line());
        case 2: return integer(*rc::gen::arbitrary<std::int64_t>());
        case 3: return null();
        case 4: return null_array();
        case 5: return bulk(*rc::gen::arbitrary<std::string>());
        default: break;
    }
    std::vector<Reply> elements(*rc::gen::inRange<std::size_t>(0, 5));
    for (Reply& element : elements) element = any_reply(depth - 1);
    return array(std::move(elements));
}

RC_GTEST_PROP(Resp, ReadsBackWhatItWroteHoweverItIsCut, ()) {
    const Reply written = any_reply(5);
    std::string bytes;
    append_reply(bytes, written);
    Reader reader;
    Reply read;
    while (bytes.size() > 1) {
        const auto cut = *rc::gen::inRange<std::size_t>(1, bytes.size());
        reader.feed(bytes.substr(0, cut));
        bytes.erase(0, cut);
        RC_ASSERT(reader.next(read) == Decode::need_more);
    }
    reader.feed(bytes);
    RC_ASSERT(reader.next(read) == Decode::message);
    RC_ASSERT(read == written);
}

RC_GTEST_PROP(Resp, SurvivesAnyBytes, (const std::vector<std::string>& pieces)) {
    Reader reader;
    Reply reply;
    bool malformed = false;
    for (const std::string& piece : pieces) {
        reader.feed(piece);
        Decode decoded = Decode::message;
        while (decoded == Decode::message) decoded = reader.next(reply);
        // Once beyond repair it stays so.
        RC_ASSERT(!malformed || decoded == Decode::malformed);
        malformed = decoded == Decode::malformed;
    }
}

RC_GTEST_PROP(Resp, SurvivesDamagedMessages, ()) {
    std::string bytes;
    append_reply(bytes, any_reply(5));
    const auto at = *rc::gen::inRange<std::size_t>(0, bytes.size());
    bytes[at] = *rc::gen::arbitrary<char>();
    Reader reader({.bulk_bytes_max = 1000, .elements_max = 100});
    reader.feed(bytes);
    Reply reply;
    Decode decoded = Decode::message;
    while (decoded == Decode::message) decoded = reader.next(reply);
    RC_ASSERT((decoded == Decode::malformed) == !reader.error().empty());
}

}  // namespace
}  // namespace conclave::resp
