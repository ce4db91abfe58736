// Each rule against a file that breaks it and one that does not: a rule that cannot fire is no
// rule.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "rules.hpp"

namespace conclave::guards {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Files one(const std::string& path, const std::string& text) { return {make_source(path, text)}; }

struct Planted {
    std::string path;
    std::string text;
    std::string message;
};
void PrintTo(const Planted& planted, std::ostream* out) {
    *out << planted.path << ": " << planted.text;
}

class PlantedInclude : public testing::TestWithParam<Planted> {};
TEST_P(PlantedInclude, IsFound) {
    const auto& [path, text, message] = GetParam();
    EXPECT_THAT(include_rules(one(path, text)),
                ElementsAre(Field(&Finding::message, HasSubstr(message))));
}
INSTANTIATE_TEST_SUITE_P(
    Rules, PlantedInclude,
    testing::Values(
        Planted{"core/include/conclave/x.hpp", "#include <boost/asio.hpp>\n", "boost"},
        Planted{"core/src/value.cpp", "#include <boost/context/fiber.hpp>\n", "boost.context"},
        Planted{"core/asio/src/x.cpp", "#include \"conclave/drivers/all_drivers.hpp\"\n",
                "drivers"},
        Planted{"drivers/redis/x.cpp", "#include \"conclave/sim/world.hpp\"\n", "sim"},
        Planted{"drivers/redis/x.cpp", "#include \"conclave/asio.hpp\"\n", "asio"},
        Planted{"drivers/redis/x.cpp", "#include <sys/socket.h>\n", "operating system"},
        Planted{"drivers/redis/driver/x.cpp", "#include <hiredis/hiredis.h>\n", "hiredis"},
        Planted{"drivers/redis/x.cpp", "#include <thread>\n", "operating system"},
        Planted{"sim/src/x.cpp", "#include \"conclave/properties/history.hpp\"\n", "properties"},
        Planted{"sim/servers/redis/x.cpp", "#include \"conclave/drivers/redis.hpp\"\n", "drivers"},
        Planted{"properties/src/x.cpp", "#include \"conclave/sim/world.hpp\"\n", "sim"},
        Planted{"scenarios/src/x.cpp", "#include \"conclave/asio.hpp\"\n", "asio"},
        Planted{"scenarios/src/x.cpp", "#include \"conclave/connect.hpp\"\n", "connect"},
        Planted{"drivers/redis/x.cpp", "#include \"conclave/connect.hpp\"\n", "connect"},
        Planted{"drivers/file/x.cpp", "#include \"conclave/conclave.hpp\"\n", "connect"},
        Planted{"core/asio/src/x.cpp", "#include \"conclave/connect.hpp\"\n", "connect"},
        Planted{"drivers/connect/src/x.cpp", "#include <boost/asio.hpp>\n", "boost"},
        Planted{"drivers/connect/src/x.cpp", "#include \"conclave/sim/world.hpp\"\n", "sim"}));

TEST(IncludeRules, AllowWhatTheArchitectureAllows) {
    EXPECT_THAT(include_rules(one("drivers/redis/x.cpp",
                                  "#include <map>\n#include \"x.hpp\"\n"
                                  "#include \"conclave/codec/resp.hpp\"\n")),
                IsEmpty());
    EXPECT_THAT(include_rules(one("drivers/connect/src/x.cpp",
                                  "#include \"conclave/connect.hpp\"\n"
                                  "#include \"conclave/asio_runtime.hpp\"\n"
                                  "#include \"conclave/drivers/all_drivers.hpp\"\n")),
                IsEmpty());
    EXPECT_THAT(
        include_rules(one("core/src/fiber.cpp", "#include <boost/context/detail/fcontext.hpp>\n")),
        IsEmpty());
}

class PlantedToken : public testing::TestWithParam<Planted> {};
TEST_P(PlantedToken, IsFoundWithItsReplacement) {
    const auto& [path, text, message] = GetParam();
    EXPECT_THAT(banned_tokens(one(path, text)),
                ElementsAre(Field(&Finding::message, HasSubstr(message))));
}
INSTANTIATE_TEST_SUITE_P(
    Rules, PlantedToken,
    testing::Values(
        Planted{"drivers/x.cpp", "auto t = std::chrono::steady_clock::now();\n", "injected Clock"},
        Planted{"sim/x.cpp", "std::this_thread::yield();\n", "Runtime"},
        Planted{"tests/x.cpp", "std::this_thread::sleep_for(1s);\n", "wait on a fiber"},
        Planted{"sim/x.cpp", "std::thread t(f);\n", "TaskGroup"},
        Planted{"drivers/x.cpp", "std::mutex m;\n", "FiberMutex"},
        Planted{"scenarios/x.cpp", "std::random_device d;\n", "Runtime::random"},
        Planted{"drivers/x.cpp", "int r = rand();\n", "sim::Stream"},
        Planted{"sim/x.cpp", "std::mt19937 g;\n", "sim::Stream"},
        Planted{"sim/x.cpp", "std::uniform_int_distribution<int> d;\n", "differ by vendor"},
        Planted{"drivers/x.cpp", "auto p = getenv(name);\n", "an option"},
        Planted{"properties/x.cpp", "std::unordered_map<int, int> m;\n", "std::map"},
        Planted{"scenarios/x.cpp", "std::unordered_set<int> s;\n", "std::map"},
        Planted{"drivers/redis/driver/x.cpp", "try { f(); } catch (...) {}\n", "swallows Killed"},
        Planted{"sim/x.cpp", "std::hash<int> h;\n", "explicit hash"},
        Planted{"drivers/x.cpp", "thread_local int x;\n", "fiber.cpp"},
        Planted{"sim/x.cpp", "std::set<Node*> ready;\n", "pointer is a key"},
        Planted{"scenarios/x.cpp", "std::map<const Host*, int> h;\n", "pointer is a key"},
        Planted{"core/x.cpp", "std::regex r;\n", "stack"}));

TEST(BannedTokens, IgnoreCommentsLiteralsAndLongerWords) {
    EXPECT_THAT(banned_tokens(one("drivers/x.cpp",
                                  "// std::mutex is banned\n"
                                  "/* rand() */ auto s = \"getenv\"; char c = '\"';\n"
                                  "auto r = R\"(std::thread)\"; operand(1);\n")),
                IsEmpty());
}
TEST(BannedTokens, LeaveTheProductionWorldItsClock) {
    EXPECT_THAT(
        banned_tokens(one("core/asio/src/clock.cpp", "std::chrono::steady_clock::now();\n")),
        IsEmpty());
}

TEST(SizeLimits, AreARatchet) {
    const Files large = one("sim/x.cpp", std::string(301, '\n'));
    EXPECT_THAT(size_limits(large, {}), SizeIs(1));
    EXPECT_THAT(size_limits(large, {{"sim/x.cpp", 301}}), IsEmpty());
    EXPECT_THAT(size_limits(large, {{"sim/x.cpp", 300}}), SizeIs(1));
    EXPECT_THAT(size_limits(one("sim/x.cpp", "\n"), {{"sim/x.cpp", 301}}),
                ElementsAre(Field(&Finding::message, HasSubstr("remove it"))));
    EXPECT_THAT(size_limits(one("core/x.hpp", std::string(151, '\n')), {}), SizeIs(1));
    EXPECT_THAT(size_limits(one("tests/x_test.cpp", std::string(400, '\n')), {}), IsEmpty());
}

TEST(FunctionLengths, AreMeasuredFromBraceToBrace) {
    const std::string body(69, '\n');
    EXPECT_THAT(function_lengths(one("sim/x.cpp", "void f() {" + body + "}\n")),
                SizeIs(0));
    EXPECT_THAT(function_lengths(one("sim/x.cpp", "void f() {\n" + body + "}\n")), SizeIs(1));
    EXPECT_THAT(function_lengths(one("sim/x.cpp", "struct S {\n" + body + "};\n")), IsEmpty());
}

TEST(MachinePaths, AreFound) {
    EXPECT_THAT(machine_paths(one("docs/x.md", std::string("cd /ho") + "me/somebody\n")),
                SizeIs(1));
    EXPECT_THAT(machine_paths(one("docs/x.md", "ls /usr/share\n")), IsEmpty());
}

TEST(DeadLinks, AreFound) {
    const std::string root = CONCLAVE_SOURCE_DIR;
    EXPECT_THAT(
        dead_links(one("docs/x.md", "[a](missing.md) [b](https://example.org) [c](#d)\n"), root),
        ElementsAre(Field(&Finding::message, HasSubstr("missing.md"))));
    EXPECT_THAT(dead_links(one("docs/x.md", "[a](../LICENSE) [b](../LICENSE#c)\n"), root),
                IsEmpty());
}

}  // namespace
}  // namespace conclave::guards
