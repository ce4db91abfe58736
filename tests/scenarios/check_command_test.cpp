// conclave check: verdicts, exit codes, and what it says to bad files.

#include <gmock/gmock.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tool.hpp"

namespace conclave {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

const char* const stale_read =
    R"({"process":1,"op":"write","object":"x","arg":1,"call_ns":0,"return_ns":10,"status":"ok"}
{"process":1,"op":"write","object":"x","arg":2,"call_ns":20,"return_ns":30,"status":"ok"}
{"process":2,"op":"read","object":"x","ret":1,"call_ns":40,"return_ns":50,"status":"ok"}
)";

class Check : public Tool {
protected:
    Finished check(const std::string& text, const std::string& arguments) {
        write("history.jsonl", text);
        return run("check history.jsonl " + arguments);
    }
};

TEST_F(Check, AViolationIsExitOneAndNamesItsLines) {
    const Finished ran = check(stale_read, "--model register");
    EXPECT_EQ(ran.code, 1);
    EXPECT_THAT(ran.text, StartsWith("violated linearizable model=register operations=3\n"));
    EXPECT_THAT(ran.text, HasSubstr("history.jsonl:3: process 2 read x -> 1"));
}

TEST_F(Check, AWeakerCharacteristicMayHold) {
    const Finished ran = check(stale_read, "--model register --characteristic sequential");
    EXPECT_EQ(ran.code, 0) << ran.text;
    EXPECT_THAT(ran.text, StartsWith("held sequential model=register operations=3\n"));
}

TEST_F(Check, AMessageMakesAStaleReadAViolationOfCausality) {
    const std::string message = R"({"message":[1,2],"sent_ns":30,"received_ns":40})";
    const std::string causal = "--model register --characteristic causal";
    EXPECT_EQ(check(stale_read, causal).code, 0);
    EXPECT_EQ(check(message + "\n" + stale_read, causal).code, 0) << "sent before it was written";
    const Finished ran = check(stale_read + std::string(message), causal);
    EXPECT_EQ(ran.code, 0) << "received after it was read: " << ran.text;
    // The order of lines counts within one instant only.
    const std::string mail = R"({"message":[1,[2,"x"]],"sent_ns":31,"received_ns":35}
{"message":[[2,"x"],2],"sent_ns":36,"received_ns":39}
)";
    const Finished told = check(mail + stale_read, causal);
    EXPECT_EQ(told.code, 1);
    EXPECT_THAT(told.text, HasSubstr("one who knew that it was overwritten"));
}

TEST_F(Check, UndecidedIsExitFive) {
    const Finished ran = check(
        R"({"process":1,"op":"acquire","ret":true,"call_ns":0,"return_ns":10,"status":"ok"})",
        "--model mutex --characteristic causal");
    EXPECT_EQ(ran.code, 5);
    EXPECT_THAT(ran.text, StartsWith("undecided causal model=mutex operations=1\n"));
}

TEST_F(Check, AnEmptyFileIsExitFour) {
    EXPECT_EQ(check("\n", "--model register").code, 4);
}

TEST_F(Check, BadLinesAreNamed) {
    const std::string good = R"({"process":1,"op":"read","call_ns":0,"return_ns":1,"status":"ok"})";
    const std::pair<std::string, std::string> bad[] = {
        {"{", "not JSON"},
        {"[]", "a line must be an object"},
        {R"({"process":1,"op":"sing","call_ns":0,"return_ns":1,"status":"ok"})", "unknown op 'sing'"},
        {R"({"process":1,"op":"join","call_ns":0,"return_ns":1,"status":"ok"})",
         "model register has no op 'join'"},
        {R"({"process":1,"op":"read","call_ns":0,"return_ns":1,"status":"great"})", "'status' must be"},
        {R"({"process":1,"op":"read","call_ns":5,"return_ns":1,"status":"ok"})", "before it was called"},
        {R"({"process":1,"op":"read","call_ns":5,"return_ns":null,"status":"ok"})", "'return_ns' must be"},
        {R"({"op":"read","call_ns":0,"return_ns":1,"status":"ok"})", "'process' is missing"},
        {R"({"process":1,"op":"read","ttl":3,"call_ns":0,"return_ns":1,"status":"ok"})",
         "unknown key 'ttl'"},
        {R"({"message":1,"sent_ns":0,"received_ns":1})", "'message' must be [from, to], not 1"},
        {R"({"message":[1,"b"],"sent_ns":0,"received_ns":1})", "[process, thread], not \"b\""},
        {R"({"message":[1,2],"sent_ns":0})", "'received_ns' is missing"},
        {R"({"message":[1,2],"sent_ns":5,"received_ns":4})", "'received_ns' is before 'sent_ns'"},
        {R"({"message":[1,2],"sent_ns":5,"received_ns":6,"at":7})", "unknown key 'at'"},
    };
    for (const auto& [line, complaint] : bad) {
        const Finished ran = check(good + "\n" + line + "\n", "--model register");
        EXPECT_EQ(ran.code, 2) << line;
        EXPECT_THAT(ran.text, HasSubstr("history.jsonl:2: ")) << line;
        EXPECT_THAT(ran.text, HasSubstr(complaint)) << line;
    }
    EXPECT_EQ(run("check nowhere.jsonl --model register").code, 2);
    EXPECT_EQ(check(good, "--model sonnet").code, 2);
    EXPECT_EQ(check(good, "--model register --characteristic beautiful").code, 2);
}

std::string leader_line(const std::string& call, int call_ns) {
    return R"({"process":1,)" + call + R"(,"call_ns":)" + std::to_string(call_ns) +
           R"(,"return_ns":)" + std::to_string(call_ns + 1) + R"(,"status":"ok"})" + "\n";
}

TEST_F(Check, ALeaderIsReadAsTheMemberForWhomTheOwnerActs) {
    const std::string elected = leader_line(R"("op":"elect","arg":["a1","ann"],"ret":true)", 0);
    const std::string read = leader_line(R"("op":"leader","ret":"ann")", 10);
    EXPECT_EQ(check(elected + read, "--model leader").code, 0);
    const std::string owner_read = leader_line(R"("op":"leader","ret":"a1")", 10);
    const Finished ran = check(elected + owner_read, "--model leader");
    EXPECT_EQ(ran.code, 1);
    EXPECT_THAT(ran.text, HasSubstr("history.jsonl:2: process 1 read"));
    const std::pair<std::string, std::string> bad[] = {
        {R"("op":"elect","arg":["a1"])", R"(must be an owner or [owner, member], not ["a1"])"},
        {R"("op":"elect","arg":["a1",null])", "must be an owner or [owner, member]"},
        {R"("op":"resign","arg":["a1","ann"])", R"(must be the owner alone, not ["a1","ann"])"},
        {R"("op":"elect","arg":"a1")", R"(owner "a1" acts for "a1" here and for "ann" before)"},
    };
    for (const auto& [line, complaint] : bad) {
        const Finished refused = check(elected + leader_line(line, 20), "--model leader");
        EXPECT_EQ(refused.code, 2) << line;
        EXPECT_THAT(refused.text, HasSubstr("history.jsonl:2: ")) << line;
        EXPECT_THAT(refused.text, HasSubstr(complaint)) << line;
    }
}

TEST_F(Check, APartitionNeedsServersAndAWindow) {
    const std::string arguments = "--model register --characteristic same_view_under_partitions";
    const Finished without_server = check(stale_read, arguments);
    EXPECT_EQ(without_server.code, 2);
    EXPECT_THAT(without_server.text, HasSubstr("needs the field 'server'"));
    const std::string lines =
        R"({"process":1,"op":"write","arg":1,"call_ns":0,"return_ns":1,"status":"ok","server":"a"}
{"process":1,"op":"write","arg":2,"call_ns":20,"return_ns":21,"status":"ok","server":"b"}
{"process":2,"op":"read","ret":1,"call_ns":30,"return_ns":31,"status":"ok","server":"a"}
{"process":3,"op":"read","ret":2,"call_ns":30,"return_ns":31,"status":"ok","server":"b"}
)";
    EXPECT_THAT(check(lines, arguments).text, HasSubstr("needs a line with the field 'partition'"));
    const Finished ran =
        check(lines + R"({"partition":[["a"],["b"]],"from_ns":10,"until_ns":null})", arguments);
    EXPECT_EQ(ran.code, 1) << ran.text;
}

/// Two hosts that are given one lock at one time.
const char* const silos =
    R"({"process":1,"op":"acquire","ret":true,"object":"L","host":"a","call_ns":0,"return_ns":5,"status":"ok"}
{"process":2,"op":"acquire","ret":true,"object":"L","host":"b","call_ns":10,"return_ns":15,"status":"ok"}
)";

TEST_F(Check, HostsThatShareNoObjectAreSilos) {
    const Finished ran = check(silos, "--model mutex --characteristic distributed_across_hosts");
    EXPECT_EQ(ran.code, 1) << ran.text;
    EXPECT_THAT(ran.text, HasSubstr("silos"));
    const Finished processes =
        check(silos, "--model mutex --characteristic distributed_across_processes");
    EXPECT_EQ(processes.code, 1) << processes.text;
    const Finished threads =
        check(silos, "--model mutex --characteristic distributed_across_threads");
    EXPECT_EQ(threads.code, 2);
    EXPECT_THAT(threads.text, HasSubstr("needs the field 'thread'"));
    const Finished hosts =
        check(stale_read, "--model register --characteristic distributed_across_hosts");
    EXPECT_EQ(hosts.code, 2);
    EXPECT_THAT(hosts.text, HasSubstr("needs the field 'host'"));
}

TEST_F(Check, ThreadsOfOneProcessAreTwoOwners) {
    const std::string lines =
        R"({"process":1,"thread":1,"op":"acquire","ret":true,"call_ns":0,"return_ns":5,"status":"ok"}
{"process":1,"thread":2,"op":"acquire","ret":true,"call_ns":10,"return_ns":15,"status":"ok"}
)";
    const Finished ran =
        check(lines, "--model mutex --characteristic distributed_across_threads");
    EXPECT_EQ(ran.code, 1) << ran.text;
}

TEST_F(Check, WhoStandsStillLosesNothing) {
    const std::string arguments = "--model lease --characteristic non_timeout_based";
    const std::string lines =
        R"({"process":1,"op":"acquire","ret":true,"ttl_ns":20,"call_ns":0,"return_ns":5,"status":"ok"}
{"process":2,"op":"acquire","ret":true,"ttl_ns":20,"call_ns":100,"return_ns":105,"status":"ok"}
)";
    const Finished without = check(lines, arguments);
    EXPECT_EQ(without.code, 2);
    EXPECT_THAT(without.text, HasSubstr("needs a line with the field 'pause'"));
    const std::string pause = R"({"pause":1,"from_ns":10,"until_ns":300,"timeout_ns":20})";
    const Finished ran = check(lines + pause, arguments);
    EXPECT_EQ(ran.code, 1) << ran.text;
    EXPECT_THAT(ran.text, HasSubstr("another was given it"));
    const std::string brief = R"({"pause":1,"from_ns":10,"until_ns":200,"timeout_ns":20})";
    EXPECT_EQ(check(lines + brief, arguments).code, 5);
    const Finished bad = check(lines + R"({"pause":1,"from_ns":10,"until_ns":5})", arguments);
    EXPECT_EQ(bad.code, 2);
    EXPECT_THAT(bad.text, HasSubstr("history.jsonl:3: 'timeout_ns' is missing"));
}

TEST_F(Check, ALongCounterexampleIsCutShort) {
    std::string lines;
    // Each write is read by the next session before it: a cycle through all of them.
    for (int i = 0; i < 40; ++i) {
        const std::string session = std::to_string(i), next = std::to_string((i + 1) % 40);
        lines += R"({"process":)" + session + R"(,"op":"read","object":"x)" + next +
                 R"(","ret":1,"call_ns":0,"return_ns":1,"status":"ok"})" + "\n";
        lines += R"({"process":)" + session + R"(,"op":"write","object":"x)" + session +
                 R"(","arg":1,"call_ns":2,"return_ns":3,"status":"ok"})" + "\n";
    }
    const Finished ran = check(lines, "--model register --characteristic causal");
    EXPECT_EQ(ran.code, 1) << ran.text;
    EXPECT_LE(std::count(ran.text.begin(), ran.text.end(), '\n'), 25);
    EXPECT_THAT(ran.text, HasSubstr("more: --json lists them"));
}

TEST_F(Check, ALeaseIsNotAMutex) {
    const Finished ran = check(
        R"({"process":1,"op":"acquire","ret":1,"ttl_ns":20,"call_ns":0,"return_ns":10,"status":"ok"}
{"process":2,"op":"acquire","ret":2,"ttl_ns":20,"call_ns":25,"return_ns":30,"status":"ok"}
)",
        "--model lease");
    EXPECT_EQ(ran.code, 0) << ran.text;
    EXPECT_THAT(ran.text, HasSubstr("as a mutex: violated"));
    EXPECT_EQ(nlohmann::json::parse(run("check history.jsonl --model lease --json").text)["as_mutex"],
              "violated");
}

TEST_F(Check, JsonTellsTheLinesOfTheCounterexample) {
    const Finished ran = check(stale_read, "--model register --json");
    const nlohmann::json said = nlohmann::json::parse(ran.text);
    EXPECT_EQ(said["version"], 1);
    EXPECT_EQ(said["verdict"], "violated");
    EXPECT_EQ(said["operations"], 3);
    EXPECT_EQ(said["counterexample"], nlohmann::json({1, 2, 3}));
    const nlohmann::json held = nlohmann::json::parse(
        check(stale_read, "--model register --characteristic sequential --json").text);
    EXPECT_EQ(held["witness"], nlohmann::json({1, 3, 2}));
}

TEST_F(Check, EveryModelReadsItsOwnOperations) {
    const std::pair<std::string, std::string> good[] = {
        {"cas-register", R"("op":"cas","arg":[null,"v"],"ret":true)"},
        {"mutex", R"("op":"acquire","ret":7)"},
        {"leader", R"("op":"elect","arg":"me","ret":true)"},
        {"group", R"("op":"members","ret":[])"},
        {"capabilities", R"("op":"join","arg":["m",{"weight":3}])"},
        {"tokens", R"("op":"acquire","ret":7)"},
    };
    for (const auto& [model, body] : good) {
        const Finished ran =
            check(R"({"process":1,)" + body + R"(,"call_ns":0,"return_ns":1,"status":"ok"})",
                  "--model " + model);
        EXPECT_EQ(ran.code, 0) << model << ": " << ran.text;
    }
}

}  // namespace
}  // namespace conclave
