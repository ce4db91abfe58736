// The exit codes of the production verbs that do not depend on what is held.

#include <cstdlib>

#include "verb_fixture.hpp"

namespace conclave {
namespace {

using testing::HasSubstr;

TEST(VerbErrors, WrongUsageIs64) {
    const std::string url = "file:///nowhere/at/all";
    const std::pair<std::vector<std::string>, const char*> cases[] = {
        {{"lock"}, "NAME"},
        {{"lock", "L", "--", "true"}, "--url"},
        {{"lock", "--url", url, "L"}, "expected -- CMD..."},
        {{"lock", "--url", url, "L", "--"}, "expected -- CMD..."},
        {{"lock", "--url", url, "L", "--wait", "soon", "--", "true"}, "--wait 'soon'"},
        {{"lock", "--url", url, "L", "--wait", "1s", "--no-wait", "--", "true"}, "--no-wait"},
        {{"lock", "--url", url, "L", "--ttl", "-1s", "--", "true"}, "--ttl"},
        {{"lock", "--url", url, "L", "--ttl", "4s", "--kill-after", "2s", "--", "true"},
         "a quarter of the ttl"},
        {{"lock", "--url", "no URL", "L", "--", "true"}, "URL"},
        {{"lock", "--url", "gopher://x", "L", "--", "true"}, "gopher"},
        {{"lock", "--url", "redis://x?speed=1", "L", "--", "true"}, "speed"},
    };
    for (const auto& [arguments, message] : cases) {
        const VerbEnded ran = run_verb(arguments);
        EXPECT_EQ(ran.code, 64) << testing::PrintToString(arguments) << ran.text;
        EXPECT_THAT(ran.text, HasSubstr(message)) << testing::PrintToString(arguments);
    }
}

TEST(VerbErrors, HelpIsNoError) {
    const VerbEnded ran = run_verb({"lock", "--help"});
    EXPECT_EQ(ran.code, 0);
    EXPECT_THAT(ran.text, HasSubstr("CONCLAVE_TOKEN"));
    EXPECT_THAT(run_verb({"--help"}).text, HasSubstr("lock"));
}

TEST(VerbErrors, ABackendThatCannotBeReachedIs69) {
    const std::string port = std::to_string(live::free_port());
    EXPECT_EQ(run_verb({"lock", "--url", "redis://127.0.0.1:" + port, "L", "--", "true"}).code, 69);
    EXPECT_EQ(run_verb({"lock", "--url", "file:///dev/null/below", "L", "--", "true"}).code, 69);
}

TEST(VerbErrors, AWrongPasswordIs77) {
    const live::RedisServer server({.lines = {"requirepass right"}});
    const std::string at = "127.0.0.1:" + std::to_string(server.port());
    const VerbEnded none = run_verb({"lock", "--url", "redis://" + at, "L", "--", "true"});
    EXPECT_EQ(none.code, 77) << none.text;
    EXPECT_EQ(run_verb({"lock", "--url", "redis://:wrong@" + at, "L", "--", "true"}).code, 77);
    EXPECT_EQ(run_verb({"lock", "--url", "redis://:right@" + at, "L", "--", "true"}).code, 0);
}

TEST(VerbErrors, TheUrlMayComeFromTheEnvironment) {
    const TempFolder folder;
    ::setenv("CONCLAVE_URL", ("file://" + folder.file("f")).c_str(), 1);
    const VerbEnded ran = run_verb({"lock", "L", "--", "true"});
    ::unsetenv("CONCLAVE_URL");
    EXPECT_EQ(ran.code, 0) << ran.text;
}

}  // namespace
}  // namespace conclave
