#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "conclave/scenarios/scenario.hpp"

namespace conclave::scenarios {
namespace {

TEST(Glob, OneStarStaysInsideAFolder) {
    EXPECT_TRUE(matches("redis/lock_*", "redis/lock_pause"));
    EXPECT_TRUE(matches("redis/violations/*", "redis/violations/r1"));
    EXPECT_FALSE(matches("redis/*", "redis/violations/r1"));
    EXPECT_FALSE(matches("*", "redis/lock_pause"));
}

TEST(Glob, TwoStarsCrossFolders) {
    EXPECT_TRUE(matches("**", "redis/violations/r1"));
    EXPECT_TRUE(matches("redis/**", "redis/violations/r1"));
    EXPECT_TRUE(matches("**/r?", "redis/violations/r1"));
    EXPECT_FALSE(matches("**/r?", "redis/violations/r10"));
}

TEST(Glob, ANameMatchesItselfOnly) {
    EXPECT_TRUE(matches("redis/lock_pause", "redis/lock_pause"));
    EXPECT_FALSE(matches("redis/lock_pause", "redis/lock_pauses"));
    EXPECT_FALSE(matches("", "redis/lock_pause"));
}

TEST(Builtin, ScenariosAreSortedAndAllOfThemParse) {
    const auto all = builtin_scenarios();
    EXPECT_TRUE(std::is_sorted(all.begin(), all.end()));
    EXPECT_GT(all.size(), 20u);
    for (const auto& [name, text] : all) EXPECT_NO_THROW(parse_scenario(text, name)) << name;
}

TEST(Folder, ReplacesTheBuiltInScenarios) {
    const std::filesystem::path folder =
        std::filesystem::path(testing::TempDir()) / "conclave_folder_test";
    std::filesystem::create_directories(folder / "mine");
    std::ofstream(folder / "mine" / "one.toml") << "title = \"x\"\n";
    std::ofstream(folder / "mine" / "notes.txt") << "not a scenario\n";
    const auto found = scenarios_in(folder.string());
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].first, "mine/one");
    std::filesystem::remove_all(folder);
}

TEST(Folder, ThatDoesNotExistIsAnErrorNamingIt) {
    try {
        scenarios_in("no/such/folder");
        FAIL() << "expected FileError";
    } catch (const FileError& error) {
        EXPECT_NE(std::string(error.what()).find("no/such/folder"), std::string::npos);
    }
}

}  // namespace
}  // namespace conclave::scenarios
