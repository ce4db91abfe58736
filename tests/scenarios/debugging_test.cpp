// What the tool shows of one run to who debugs it: its state at a moment.

#include <gmock/gmock.h>

#include <algorithm>

#include "finds.hpp"

namespace conclave {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

using Debugging = Finds;

TEST_F(Debugging, AReplayStopsAtATimeAndShowsWhoBelievesWhat) {
    const Find found = find();
    const std::string replay = "sim replay " + found.path + " --until ";
    const std::string at = std::to_string(found.verdict.at_ns) + "ns";
    const Finished there = run(replay + at);
    EXPECT_EQ(there.code, 0) << there.text;
    EXPECT_THAT(there.text, AllOf(HasSubstr("cut off at "), HasSubstr("no hash compared"),
                                  Not(HasSubstr("trace hash")), HasSubstr("  redis-1  ")));
    EXPECT_EQ(count(there.text, " holds " + found.verdict.object + ", token "), 2u) << there.text;
    const Finished before = run(replay + std::to_string(found.verdict.at_ns - 1) + "ns");
    EXPECT_EQ(count(before.text, " holds " + found.verdict.object + ", token "), 1u) << before.text;
    EXPECT_THAT(before.text, ContainsRegex("c[0-9] acquire " + found.verdict.object + ", called at"));
}

TEST_F(Debugging, AReplayStopsAtAnEventAndKeepsTheTraceUntilThere) {
    const Find found = find();
    const std::string whole = run("sim replay " + found.path + " --trace text").text;
    const std::string part = run("sim replay " + found.path + " --trace text --step 500").text;
    const std::size_t end = part.find("cut off at ");
    ASSERT_NE(end, std::string::npos) << part;
    EXPECT_EQ(part.substr(0, end), whole.substr(0, end)) << "the same run, but shorter";
    const auto events = std::count(part.begin(), part.begin() + static_cast<long>(end), '\n');
    EXPECT_GE(events, 500);
    EXPECT_LT(events, 520) << "what one fiber does until it waits";
    EXPECT_THAT(part, HasSubstr("after " + std::to_string(events) + " events of the trace"));
}

TEST_F(Debugging, AStoppedReplayTellsWhatTheFaultsHaveDone) {
    scenarios::Plan plan = quiet();
    using scenarios::FaultAction;
    for (const auto& [action, host] : {std::pair(FaultAction::crash, "c1"),
                                       std::pair(FaultAction::pause, "c2"),
                                       std::pair(FaultAction::power_loss, "redis-1")}) {
        scenarios::Fault fault;
        fault.action = action;
        fault.at = std::chrono::seconds(1);
        fault.length = std::chrono::seconds(2);
        fault.a = {host};
        plan.faults.push_back(fault);
    }
    const std::string path = write("three.plan", to_text(plan));
    const std::string during = run("sim replay " + path + " --until 1.5s").text;
    EXPECT_THAT(during, AllOf(HasSubstr("  c1  dead\n"), HasSubstr("  c2  paused\n"),
                              HasSubstr("  redis-1  dead, its host has no power\n"),
                              HasSubstr("fault pause c2, since 1.000000 s, until 3.000000 s\n")));
    const std::string after = run("sim replay " + path + " --until 3500ms").text;
    EXPECT_THAT(after, AllOf(HasSubstr("  c1  runs, started 2 times\n"), HasSubstr("  c2  runs\n"),
                             HasSubstr("active faults\n  none\n")));
}

TEST_F(Debugging, BadEndsOfAReplayAreNamed) {
    const std::string replay = "sim replay " + write("quiet.plan", to_text(quiet()));
    const std::pair<const char*, const char*> wrong[] = {
        {"--until soon", "--until 'soon': expected a time since the run began"},
        {"--until=-1s", "--until '-1s': expected a time since the run began"},
        {"--until 90000s", "--until '90000s': the run ends at "},
        {"--step 0", "--step '0': expected the number of a trace event, from 1"},
        {"--step x", "--step 'x': expected a decimal number"},
        {"--step 99999999", "--step '99999999': the run has "},
        {"--step 1 --until 1s", "excludes"},
    };
    for (const auto& [arguments, text] : wrong) {
        const Finished ran = run(replay + " " + arguments);
        EXPECT_EQ(ran.code, 2) << arguments;
        EXPECT_THAT(ran.text, HasSubstr(text)) << arguments;
    }
}

}  // namespace
}  // namespace conclave
