// The examples that need no server, each in a folder of its own.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "live/fixture/child_process.hpp"
#include "live/fixture/temp_folder.hpp"

namespace conclave::live {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

class ExampleInAFolder : public testing::Test {
protected:
    TempFolder folder;
    const std::string url = "file://" + folder.file("coordination");
    const std::string ledger = folder.file("ledger");

    ChildProcess start(const std::string& program, std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), {program, url});
        return ChildProcess({.arguments = std::move(arguments), .piped = true});
    }
};

TEST_F(ExampleInAFolder, CoroutinesShareALock) {
    ChildProcess program = start(CONCLAVE_EXAMPLE_ASYNCHRONOUS, {ledger});
    EXPECT_EQ(program.read_line(), "lost patience");
    for (int entry = 0; entry < 10; ++entry)
        EXPECT_THAT(program.read_line(), EndsWith(" written"));
    EXPECT_EQ(program.wait(), 0);
    EXPECT_THAT(read_file(ledger), HasSubstr("\n11 entry ")) << "the tenth after the first holder";
}

TEST_F(ExampleInAFolder, ALeaderHandsOverToTheNext) {
    for (const std::string epoch : {"1", "2"}) {
        const std::string member = "worker-" + epoch;
        ChildProcess program = start(CONCLAVE_EXAMPLE_LEADER, {member, "2", ledger});
        EXPECT_EQ(program.read_line(), member + " leads");
        EXPECT_EQ(program.read_line(), "turn 1 of epoch " + epoch);
        EXPECT_EQ(program.read_line(), "turn 2 of epoch " + epoch);
        EXPECT_EQ(program.read_line(), member + " resigned");
        EXPECT_EQ(program.wait(), 0);
    }
    EXPECT_EQ(read_file(ledger), "1 turn 1\n1 turn 2\n2 turn 1\n2 turn 2\n");
}

TEST_F(ExampleInAFolder, AMemberSeesOthersComeAndGo) {
    ChildProcess first = start(CONCLAVE_EXAMPLE_GROUP, {"worker-1", "east", "3"});
    EXPECT_EQ(first.read_line(), "1: worker-1 are here");
    ChildProcess second = start(CONCLAVE_EXAMPLE_GROUP, {"worker-2", "west", "1"});
    EXPECT_EQ(second.read_line(), "1: worker-1 worker-2 are here");
    EXPECT_EQ(first.read_line(), "2: worker-2 joined with {\"zone\": \"west\"}");
    second.write_line("");
    EXPECT_EQ(second.read_line(), "worker-2 left");
    EXPECT_EQ(second.wait(), 0);
    EXPECT_EQ(first.read_line(), "3: worker-2 left");
    first.write_line("");
    EXPECT_EQ(first.read_line(), "worker-1 left");
    EXPECT_EQ(first.wait(), 0);
}

/// What stands between "has" and the fingerprint.
std::string keys_in(const std::string& line) {
    const std::size_t from = line.find(" has") + 4;
    return line.substr(from, line.rfind(" of ") - from);
}
std::string fingerprint_in(const std::string& line) {
    return line.substr(line.rfind(" of ") + 4);
}

TEST_F(ExampleInAFolder, KeysAreSharedOutAmongThoseWhoAreThere) {
    ChildProcess first =
        start(CONCLAVE_EXAMPLE_PARTITIONER, {"worker-1", "a", "b", "c", "d", "e", "f"});
    EXPECT_EQ(keys_in(first.read_line()), " a b c d e f");
    ChildProcess second =
        start(CONCLAVE_EXAMPLE_PARTITIONER, {"worker-2", "a", "b", "c", "d", "e", "f"});
    const std::string of_second = second.read_line();
    first.write_line("");
    const std::string of_first = first.read_line();
    EXPECT_EQ(fingerprint_in(of_first), fingerprint_in(of_second));
    std::string all = keys_in(of_first) + keys_in(of_second);
    EXPECT_EQ(all.size(), std::string(" a b c d e f").size()) << of_first << '\n' << of_second;
    second.close_input();
    EXPECT_EQ(second.wait(), 0);
    first.write_line("");
    EXPECT_EQ(keys_in(first.read_line()), " a b c d e f");
    first.close_input();
    EXPECT_EQ(first.wait(), 0);
}

TEST_F(ExampleInAFolder, ABadUrlIsAnError) {
    for (const char* program : {CONCLAVE_EXAMPLE_LEADER, CONCLAVE_EXAMPLE_ASYNCHRONOUS}) {
        std::vector<std::string> arguments{program, "telepathy://"};
        if (program == std::string(CONCLAVE_EXAMPLE_LEADER))
            arguments.insert(arguments.end(), {"worker-1", "1", ledger});
        else
            arguments.push_back(ledger);
        ChildProcess bad({.arguments = arguments, .log_file = folder.file("log")});
        EXPECT_EQ(bad.wait(), 1);
        EXPECT_THAT(read_file(folder.file("log")), HasSubstr("error: "));
    }
}

}  // namespace
}  // namespace conclave::live
