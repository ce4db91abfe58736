// The connection layer against a real redis-server: whole conversations, well formed or not, byte for
// byte until the server closes.

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "conclave/codec/redis_scripts.hpp"
#include "conclave/codec/resp.hpp"
#include "conclave/servers/redis/server.hpp"
#include "conclave/sim/world.hpp"
#include "live/fixture/redis_server.hpp"
#include "raw_connection.hpp"
#include "reply_comparison.hpp"

namespace conclave::conformance {

namespace {

using Disturbance = std::function<void(servers::redis::Server&)>;

/// What the simulated server answers to `bytes` until it closes the connection.
std::string ask_model(const std::string& bytes, double segmentation, const Disturbance& disturb = {}) {
    sim::WorldOptions options;
    options.link.segmentation = segmentation;
    sim::World world(options);
    world.add_process(world.add_host("redis"), "redis", [&](sim::Process& process) {
        servers::redis::ServerOptions server;
        server.host = "redis";
        server.busy_reply_threshold = std::chrono::milliseconds(1);
        servers::redis::Server running(process.runtime(), server);
        if (disturb) disturb(running);
        running.run();
    });
    std::string answer;
    world.add_process(world.add_host("client"), "client", [&](sim::Process& process) {
        Runtime& runtime = process.runtime();
        const Deadline deadline = runtime.after(std::chrono::seconds(20));
        Connected connected = runtime.network.connect({"redis", 6379, {}}, deadline);
        connected.connection->write_all(bytes, deadline);
        char buffer[4096];
        IoResult read;
        while ((read = connected.connection->read_some(buffer, deadline)).ok())
            answer.append(buffer, read.bytes);
    });
    world.run_until({60'000'000'000});
    return answer;
}

}  // namespace

TEST(ProtocolConformance, ConversationsAreTheSameByteForByte) {
    const std::string conversations[] = {
        "PING\r\nQUIT\r\n",
        "\r\n\r\nPING hello\nECHO \"a b\\x41\\n\"\r\nquit\r\n",
        "SET p 'it\\'s'\r\nGET p\r\nDEL p\r\nQUIT\r\n",
        "*1\r\n$4\r\nPING\r\n*0\r\n*-1\r\n*2\r\n$3\r\nGET\r\n$1\r\nq\r\n*1\r\n$4\r\nQUIT\r\n",
        "MULTI\r\nSET p 1\r\nINCR p\r\nGET\r\nEXEC\r\nQUIT\r\n",
        "SUBSCRIBE a\r\nGET a\r\nPING\r\nUNSUBSCRIBE a\r\nPING\r\nQUIT\r\n",
        "*x\r\n",
        "*1\r\n$x\r\n",
        "*1\r\n$-1\r\n",
        "*1\r\nPING\r\n",
        "*2147483648\r\n",
        "*1\r\n$536870913\r\n",
        "GET \"open\r\n",
        "GET \"a\"b\r\n",
        "*3\r\n$3\r\nSET\r\n$1\r\np\r\n$2\r\n\r\n\r\n*2\r\n$3\r\nDEL\r\n$1\r\np\r\nQUIT\r\n",
        "HELLO 3\r\n*2\r\n$3\r\nGET\r\n$1\r\nq\r\nHGETALL q\r\nSMEMBERS q\r\nbad\r\n*z\r\n"};
    live::RedisServer server({.durable = false});
    for (const std::string& conversation : conversations) {
        std::string real = RawConnection(server.port()).read_to_end(conversation);
        std::string model = ask_model(conversation, 0.5);
        // HELLO tells the client's number, which is not the same.
        if (conversation.starts_with("HELLO")) {
            EXPECT_EQ(real.substr(0, 60), model.substr(0, 60));
            real.erase(0, real.find("standalone"));
            model.erase(0, model.find("standalone"));
        }
        EXPECT_EQ(printable(real), printable(model)) << printable(conversation);
    }
}

// Random sequences rarely draw two incarnations of one process.
TEST(ProtocolConformance, AJoinThatALaterOneOvertookIsRefused) {
    namespace scripts = ::conclave::redis::scripts;
    const std::string process(32, 'a'), other(32, 'b');
    std::string bytes;
    const auto say = [&](const scripts::Script& script, std::vector<std::string> rest) {
        rest.insert(rest.begin(), {"EVAL", std::string(script.body)});
        resp::append_command(bytes, std::vector<std::string_view>(rest.begin(), rest.end()));
    };
    const auto join = [&](const std::string& who, const std::string& ordinal,
                          const std::string& replaces_own = "") {
        say(scripts::join_group, {"3", "g", "beat", "join", "m", "c", "9000", who + ordinal, "9000",
                                  who, replaces_own});
    };
    say(scripts::create_group, {"2", "g", "all", "g"});
    join(process, "2");
    say(scripts::leave_group, {"2", "g", "join", "m", process + "2", "9000"});
    join(process, "1");  // held back since before the other
    join(process, "2");
    resp::append_command(bytes, std::vector<std::string_view>{"DEL", "beat"});
    join(other, "1");  // counts for itself
    join(other, "2");
    join(other, "2", "1");  // was not told that it had joined
    bytes += "QUIT\r\n";
    const std::string expected =
        ":1\r\n:1\r\n:1\r\n:0\r\n:0\r\n:1\r\n:1\r\n:0\r\n:1\r\n+OK\r\n";
    live::RedisServer server({.durable = false});
    EXPECT_EQ(RawConnection(server.port()).read_to_end(bytes), expected);
    EXPECT_EQ(ask_model(bytes, 0.5), expected);
}

TEST(ProtocolConformance, WhatALaterUpdateOvertookChangesNothing) {
    namespace scripts = ::conclave::redis::scripts;
    const std::string process(32, 'a'), incarnation = process + "1";
    std::string bytes;
    const auto say = [&](const scripts::Script& script, std::vector<std::string> rest) {
        rest.insert(rest.begin(), {"EVAL", std::string(script.body)});
        resp::append_command(bytes, std::vector<std::string_view>(rest.begin(), rest.end()));
    };
    const auto join = [&] {
        say(scripts::join_group,
            {"3", "g", "beat", "join", "m", "joined", "9000", incarnation, "9000", process});
    };
    const auto update = [&](const std::string& capabilities, const std::string& number) {
        say(scripts::update_capabilities,
            {"2", "g", "join", "m", capabilities, incarnation, "+" + number, "9000"});
    };
    const auto beat = [&](const std::string& capabilities, const std::string& number) {
        say(scripts::beat, {"3", "beat", "g", "join", "9000", "m", "9000", process, capabilities,
                            incarnation + number});
    };
    const auto evict = [&] {
        resp::append_command(bytes, std::vector<std::string_view>{"HDEL", "g", "m"});
    };
    const auto look = [&] { say(scripts::get_capabilities, {"1", "g", "m"}); };
    say(scripts::create_group, {"2", "g", "all", "g"});
    join();
    update("second", "2");
    update("first", "1");  // held back since before the other
    look();
    evict();
    join();              // so were these
    beat("first", "+1");
    beat("joined", "");
    look();
    beat("second", "+2");
    look();
    update("second", "2");  // repeated
    say(scripts::leave_group, {"2", "g", "join", "m", incarnation, "9000"});
    update("third", "3");
    bytes += "QUIT\r\n";
    const std::string expected =
        ":1\r\n:1\r\n:1\r\n:1\r\n$6\r\nsecond\r\n:1\r\n:0\r\n*1\r\n:0\r\n*1\r\n:0\r\n$-1\r\n"
        "*1\r\n:1\r\n$6\r\nsecond\r\n:1\r\n:1\r\n:0\r\n+OK\r\n";
    live::RedisServer server({.durable = false});
    EXPECT_EQ(RawConnection(server.port()).read_to_end(bytes), expected);
    EXPECT_EQ(ask_model(bytes, 0.5), expected);
}

TEST(ProtocolConformance, AServerKeptBusyByAScriptSaysTheSame) {
    const std::string conversations[] = {
        "PING\r\nGET a\r\nNOSUCH\r\nGET\r\nINFO\r\nEVAL 'return 1' 0\r\nQUIT\r\n",
        "MULTI\r\nSET k v\r\nEXEC\r\nMULTI\r\nDISCARD\r\nDISCARD\r\nEXEC\r\nQUIT\r\n",
        "WATCH k\r\nUNWATCH\r\nAUTH x\r\nRESET\r\nSELECT 3\r\nCLIENT ID\r\nCLIENT NOSUCH\r\nQUIT\r\n",
        "REPLCONF listening-port 5\r\nPSYNC ? -1\r\nREPLCONF ACK 5\r\nSUBSCRIBE q\r\nQUIT\r\n",
        "SCRIPT\r\nSCRIPT FLUSH\r\nSCRIPT EXISTS a\r\nSCRIPT KILL a\r\nQUIT\r\n",
        "SCRIPT KILL\r\nQUIT\r\n"};
    live::RedisServer server({.durable = false, .lines = {"busy-reply-threshold 1"}});
    RawConnection script(server.port());
    script.exchange("EVAL 'while true do end' 0\r\n", 0);
    for (const std::string& conversation : conversations)
        EXPECT_EQ(printable(RawConnection(server.port()).read_to_end(conversation)),
                  printable(ask_model(conversation, 0.5, [](servers::redis::Server& model) {
                      model.occupy(std::chrono::hours(1));
                  })))
            << printable(conversation);
    EXPECT_NE(script.exchange("", 1).find("killed by user"), std::string::npos);
}

TEST(ProtocolConformance, AServerWithoutRoomForAConnectionSaysTheSame) {
    live::RedisServer server({.durable = false});
    live::RedisConnection held = server.connect();
    ASSERT_EQ(held.command({"CONFIG", "SET", "maxclients", "1"}).text, "OK");
    for (const std::string conversation : {"", "PING\r\n"}) {
        const std::string real = RawConnection(server.port()).read_to_end(conversation);
        EXPECT_EQ(printable(real),
                  printable(ask_model(conversation, 0.5, [](servers::redis::Server& model) {
                      model.crowd(std::chrono::hours(1));
                  })));
        EXPECT_NE(real, "");
    }
    EXPECT_EQ(held.command({"PING"}).text, "PONG") << "who is there stays";
}

}  // namespace conclave::conformance
