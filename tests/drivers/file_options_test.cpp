// The file driver's URL and options, names and claims.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conclave/error.hpp"
#include "file/driver/file_options.hpp"
#include "file/driver/group_files.hpp"
#include "file/driver/names.hpp"

namespace conclave::file {
namespace {

using ::testing::HasSubstr;

FileOptions parse(const std::string& text) {
    const Url url = parse_url(text);
    return parse_file_options(url, url.query);
}

TEST(FileOptions, HaveToozsDefaults) {
    const FileOptions options = parse("file:///var/lib/app");
    EXPECT_EQ(options.folder, "/var/lib/app");
    EXPECT_EQ(options.membership_timeout, std::chrono::seconds(10));
    EXPECT_FALSE(options.shared);
    EXPECT_FALSE(options.mixed_peers);
}

TEST(FileOptions, AreReadFromTheQuery) {
    const FileOptions options =
        parse("file://localhost/f//?timeout=4&shared=yes&peers=mixed&executor=sync");
    EXPECT_EQ(options.folder, "/f");
    EXPECT_EQ(options.membership_timeout, std::chrono::seconds(4));
    EXPECT_TRUE(options.shared);
    EXPECT_TRUE(options.mixed_peers);
    EXPECT_EQ(parse("file:///f?timeout=4&membership_timeout=1.5").membership_timeout,
              std::chrono::milliseconds(1500));
}

struct Bad {
    const char* url;
    const char* named;
};
class BadFileOption : public ::testing::TestWithParam<Bad> {};

TEST_P(BadFileOption, IsNamed) {
    try {
        parse(GetParam().url);
        FAIL() << "accepted";
    } catch (const BadOption& error) {
        EXPECT_THAT(error.what(), HasSubstr(GetParam().named));
    }
}

INSTANTIATE_TEST_SUITE_P(
    All, BadFileOption,
    ::testing::Values(Bad{"file:///", "file:///folder"}, Bad{"file://elsewhere/f", "elsewhere"},
                    Bad{"file:///f?timeout=0", "timeout=0"},
                    Bad{"file:///f?timeout=soon", "timeout=soon"},
                    Bad{"file:///f?shared=perhaps", "shared=perhaps"},
                    Bad{"file:///f?peers=python", "peers=python"},
                    Bad{"file:///f?layout=conclave&peers=mixed", "layout=tooz"},
                    Bad{"file:///f?lock_timeout=4", "lock_timeout=4"},
                    Bad{"file:///f?db=1", "membership_timeout"}));

TEST(FileNames, AreToozs) {
    const Names names("/f");
    EXPECT_EQ(names.lock("name"), "/f/name");
    EXPECT_EQ(names.metadata("foo"),
              "/f/groups/0beec7b5ea3f0fdbc95d0dd47f3c5bc275da8a33/.metadata");
    EXPECT_EQ(names.member("foo", "bar"),
              "/f/groups/0beec7b5ea3f0fdbc95d0dd47f3c5bc275da8a33/"
              "62cdb7020ff920e5aa642c3d4066950dd1f01f4d.raw");
}

TEST(FileNames, OfOurLayoutNeverMeet) {
    const Names names("/f", Layout::conclave);
    EXPECT_EQ(names.lock("a-Z_9"), "/f/.conclave/locks/a-Z_9");
    EXPECT_EQ(names.fence("a/.."), "/f/.conclave/locks/a%2f%2e%2e=fence");
    const std::string x(200, 'x');
    EXPECT_EQ(names.lock(x + "y"), "/f/.conclave/locks/" + x + "+/y");
    std::set<std::string> all;
    std::size_t expected = 0;
    for (const std::string& name : {x, x + "+", x + "+/", x + "x", x + "=fence", std::string("%2f"),
                                    std::string("/"), std::string(1, '\0'), std::string("+")}) {
        all.insert({names.lock(name), names.fence(name)});
        expected += 2;
    }
    EXPECT_EQ(all.size(), expected);
    EXPECT_LT(names.fence(std::string(1024, '/')).size(), 4000u);
    EXPECT_THROW(names.lock(std::string(1025, 'x')), Error);
    EXPECT_THROW(names.lock(""), Error);
}

// Captured from tooz 3.1 (oslo.serialization 5.0): dumps of {capabilities, joined_on, member_id,
// encoded} and of {group_id, encoded}.
TEST(GroupFiles, AreReadAsToozWritesThem) {
    const std::string group("\x82\xa8group_id\xc4\x01g\xa7" "encoded\xc2");
    EXPECT_EQ(pack_group("g"), group);
    EXPECT_EQ(parse_group(group), "g");
    EXPECT_EQ(parse_group("\x81\xc4\x08group_id\xc4\x01g"), "g") << "before 1.36";
    for (const std::string damaged : {"", "\x82\xa8group_id", "\xc0", "\x81\xa1x\xa1y"})
        EXPECT_EQ(parse_group(damaged), std::nullopt);
}

// Before 1.36 tooz wrote keys as bytes, and not whether ids had been text.
TEST(GroupFiles, MembersOfOldAreRead) {
    const std::string joined = "joined_on\xc0\xc4\x09member_id";
    const std::string head = "\x83\xc4\x0c" "capabilities\xa4" "here\xc4\x09" + joined;
    for (const std::string id : {"\xc4\x02me", "\xa2me"}) {
        const std::optional<Member> member = parse_member(head + id);
        ASSERT_TRUE(member);
        EXPECT_EQ(member->member_id, "me");
        EXPECT_EQ(member->capabilities, Value("here"));
        EXPECT_EQ(member->incarnation, "");
    }
    EXPECT_EQ(parse_group("\x81\xa8group_id\xa1g"), "g");
}

TEST(GroupFiles, MembersHaveEveryEntryThatToozAsksFor) {
    const WallTime time{1'700'000'000'123'456'000};
    const std::string bytes = pack_member("me", "\xa4" "here", "abc", time);
    EXPECT_THAT(bytes, HasSubstr("joined_on\xc7"));
    EXPECT_THAT(bytes, HasSubstr("microsecond\xce"));
    const std::optional<Member> member = parse_member(bytes);
    ASSERT_TRUE(member);
    EXPECT_EQ(member->member_id, "me");
    EXPECT_EQ(member->capabilities, Value("here"));
    EXPECT_EQ(member->incarnation, "abc");
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_FALSE(parse_member(bytes.substr(0, size))) << size;
}

TEST(GroupFiles, NoCapabilitiesAreNullInEveryVersion) {
    for (const std::string none : {std::string("\xc0"), std::string("\xc4\0", 2)})
        EXPECT_EQ(parse_member(pack_member("me", none, "", {}))->capabilities, Value());
}

}  // namespace
}  // namespace conclave::file
