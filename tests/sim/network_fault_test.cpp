// One test per network fault: what each side sees, and what a heal brings back.

#include <gtest/gtest.h>

#include "support.hpp"

namespace conclave::sim {
namespace {

/// A server that logs what it reads and answers each byte, and a client that sends one byte every
/// 100 ms and logs what comes back.
struct Exchange : Pair {
    explicit Exchange(WorldOptions options = {}) : Pair(options) {
        add_server([this](Process& process) {
            serve(process, [this](Connection& connection) { answer(connection); });
        });
        add_client([this](Process& process, Connection& connection) {
            process.tasks().spawn([this, &process, &connection] {
                for (char letter = 'a'; letter <= 'z'; ++letter) {
                    client_write = connection.write_all({&letter, 1}, Deadline::never()).status;
                    if (!sleep_for(process.runtime(), 100ms)) return;
                }
            });
            client_read = listen(connection);
            sleep_for(process.runtime(), 1h);
        });
    }
    void answer(Connection& connection) {
        char buffer[1];
        for (;;) {
            const IoResult got = connection.read_some(buffer, Deadline::never());
            server_read = got.status;
            if (!got.ok()) return;
            at_server.push_back(buffer[0]);
            connection.write_all({buffer, 1}, Deadline::never());
        }
    }
    IoStatus listen(Connection& connection) {
        char buffer[1];
        for (;;) {
            const IoResult got = connection.read_some(buffer, Deadline::never());
            if (!got.ok()) return got.status;
            at_client.push_back(buffer[0]);
        }
    }
    SimNetwork& network() { return world.network(); }
    SimNetwork::Hosts client() { return {&client_host}; }
    SimNetwork::Hosts server() { return {&server_host}; }

    std::string at_server, at_client;
    IoStatus client_read = IoStatus::ok, client_write = IoStatus::ok, server_read = IoStatus::ok;
};

constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz";

TEST(Faults, APartitionHoldsBytesBackAndDeliversThemLateAndInOrder) {
    Exchange exchange;
    exchange.run_for(550ms);
    const FaultId cut = exchange.network().partition(exchange.client(), exchange.server());
    exchange.run_for(10s);
    EXPECT_EQ(exchange.at_server, "abcdef");
    EXPECT_EQ(exchange.client_read, IoStatus::ok);
    exchange.network().heal(cut);
    exchange.run_for(1s);
    EXPECT_EQ(exchange.at_server, alphabet);
    EXPECT_EQ(exchange.at_client, alphabet);
}

TEST(Faults, AOneWayPartitionLetsTheOtherDirectionThrough) {
    Exchange exchange;
    exchange.run_for(550ms);
    exchange.network().partition(exchange.server(), exchange.client(), Direction::a_to_b);
    exchange.run_for(10s);
    EXPECT_EQ(exchange.at_server, alphabet);
    EXPECT_EQ(exchange.at_client, "abcdef");
}

TEST(Faults, APartialPartitionCutsOnlyTheNamedPairs) {
    World world;
    Host& server = world.add_host("server");
    Host& left = world.add_host("left");
    Host& right = world.add_host("right");
    world.add_process(server, "server", [](Process& process) { serve(process, echo); });
    std::map<std::string, IoStatus> result;
    for (Host* host : {&left, &right}) {
        world.add_process(*host, host->name(), [&](Process& process) {
            Runtime& runtime = process.runtime();
            result[process.name()] =
                runtime.network.connect(server_endpoint, runtime.after(5s)).status;
        });
    }
    world.network().partition({&left}, {&server, &right});
    world.run_until(at_time(10s));
    EXPECT_EQ(result["left"], IoStatus::timed_out);
    EXPECT_EQ(result["right"], IoStatus::ok);
}

TEST(Faults, AConnectDuringAPartitionSucceedsByRetransmissionAfterTheHeal) {
    Pair pair;
    WorldTime connected{};
    pair.add_echo_server();
    const FaultId cut = pair.world.network().partition({&pair.client_host}, {&pair.server_host});
    pair.add_client([&](Process&, Connection&) { connected = pair.world.now(); });
    pair.world.at(at_time(2s), [&] { pair.world.network().heal(cut); });
    pair.run_for(1min);
    EXPECT_GT(connected, at_time(2s));
    EXPECT_LT(connected, at_time(5s));
}

TEST(Faults, AConnectThatNobodyAnswersEndsAsUnreachable) {
    Pair pair;
    IoStatus status{};
    pair.world.network().partition({&pair.client_host}, {&pair.server_host});
    pair.world.add_process(pair.client_host, "client", [&](Process& process) {
        status = process.runtime().network.connect(server_endpoint, Deadline::never()).status;
    });
    pair.run_for(10min);
    EXPECT_EQ(status, IoStatus::unreachable);
    EXPECT_TRUE(pair.world.idle());
}

TEST(Faults, AClogDelaysEverySegment) {
    Pair pair;
    Duration clogged{}, healed{};
    pair.add_echo_server();
    const FaultId clog = pair.world.network().clog({&pair.client_host}, {&pair.server_host}, 2s);
    pair.add_client([&](Process& process, Connection& connection) {
        const auto round_trip = [&] {
            const TimePoint begin = process.runtime().clock.now();
            connection.write_all("x", Deadline::never());
            read_exactly(connection, 1);
            return process.runtime().clock.now() - begin;
        };
        clogged = round_trip();
        pair.world.network().heal(clog);
        healed = round_trip();
    });
    pair.run_for(1min);
    EXPECT_GE(clogged, 4s);
    EXPECT_LE(healed, 2 * LinkOptions{}.latency_max);
}

TEST(Faults, AResetIsSeenByBothEnds) {
    Exchange exchange;
    exchange.run_for(550ms);
    exchange.network().reset_connections(exchange.client_host, exchange.server_host);
    exchange.run_for(1s);
    EXPECT_EQ(exchange.client_read, IoStatus::reset);
    EXPECT_EQ(exchange.client_write, IoStatus::reset);
    EXPECT_EQ(exchange.server_read, IoStatus::reset);
}

TEST(Faults, RefusalsAndMissingRoutesFailConnectsUntilHealed) {
    Pair pair;
    pair.add_echo_server();
    std::vector<IoStatus> seen;
    SimNetwork& network = pair.world.network();
    pair.world.add_process(pair.client_host, "client", [&](Process& process) {
        const auto attempt = [&] {
            seen.push_back(
                process.runtime().network.connect(server_endpoint, Deadline::never()).status);
        };
        sleep_for(process.runtime(), 10ms);
        const FaultId refusal = network.refuse(pair.server_host);
        attempt();
        network.heal(refusal);
        network.unreachable(pair.server_host);
        attempt();
        network.heal_all();
        attempt();
    });
    pair.run_for(1s);
    const std::vector<IoStatus> expected{IoStatus::refused, IoStatus::unreachable, IoStatus::ok};
    EXPECT_EQ(seen, expected);
}

TEST(Faults, AHalfOpenConnectionStaysSilentForBothEnds) {
    Exchange exchange;
    exchange.run_for(550ms);
    exchange.network().half_open(exchange.client_host, exchange.server_host);
    exchange.run_for(30min);
    EXPECT_EQ(exchange.at_server, "abcdef");
    EXPECT_EQ(exchange.client_read, IoStatus::ok);
    EXPECT_EQ(exchange.client_write, IoStatus::ok);
    EXPECT_EQ(exchange.server_read, IoStatus::ok);
}

TEST(Faults, ABlackHoleSwallowsOldConnectionsOnlyAndDeliversLateAfterTheHeal) {
    Exchange exchange;
    exchange.run_for(550ms);
    const FaultId hole = exchange.network().black_hole(exchange.client(), exchange.server());
    IoStatus fresh{};
    exchange.world.add_process(exchange.client_host, "other", [&](Process& process) {
        fresh = process.runtime().network.connect(server_endpoint, Deadline::never()).status;
    });
    exchange.run_for(10s);
    EXPECT_EQ(fresh, IoStatus::ok);
    EXPECT_EQ(exchange.at_server, "abcdef");
    exchange.network().heal(hole);
    exchange.run_for(1s);
    EXPECT_EQ(exchange.at_server, alphabet);
    EXPECT_EQ(exchange.at_client, alphabet);
}

TEST(Faults, ALostRequestNeverReachesTheServer) {
    Exchange exchange;
    exchange.run_for(550ms);
    exchange.network().lose_next_request(exchange.client_host, exchange.server_host);
    exchange.run_for(1s);
    EXPECT_EQ(exchange.at_server, "abcdef");
    EXPECT_EQ(exchange.at_client, "abcdef");
    EXPECT_EQ(exchange.client_read, IoStatus::reset);
    EXPECT_EQ(exchange.network().counters().requests_lost, 1u);
}

TEST(Faults, ALostReplyLeavesTheServerHavingActed) {
    Exchange exchange;
    exchange.run_for(550ms);
    exchange.network().lose_next_reply(exchange.client_host, exchange.server_host);
    exchange.run_for(1s);
    EXPECT_EQ(exchange.at_server, "abcdefg");
    EXPECT_EQ(exchange.at_client, "abcdef");
    EXPECT_EQ(exchange.client_read, IoStatus::reset);
    EXPECT_EQ(exchange.network().counters().replies_lost, 1u);
}

TEST(Faults, AWriterWithAFullWindowGoesOnAfterAPartitionHealed) {
    Pair pair;
    const std::string sent(200'000, 'x');
    std::string received;
    pair.add_server([&](Process& process) {
        serve(process, [&](Connection& connection) {
            sleep_for(process.runtime(), 1s);
            received = read_exactly(connection, sent.size()).second;
        });
    });
    pair.add_client([&](Process& process, Connection& connection) {
        connection.write_all(sent, Deadline::never());
        sleep_for(process.runtime(), 1h);
    });
    SimNetwork& network = pair.world.network();
    FaultId cut = 0;
    // The reader empties the window meanwhile, so the news of room is what gets lost.
    pair.world.at(at_time(500ms), [&] {
        cut = network.partition({&pair.server_host}, {&pair.client_host}, Direction::a_to_b);
    });
    pair.run_for(10s);
    EXPECT_EQ(received.size(), 0u);
    network.heal(cut);
    pair.run_for(10s);
    EXPECT_EQ(received, sent);
}

TEST(Faults, AReaderThatStopsGetsEverythingWhenItGoesOn) {
    Exchange exchange;
    exchange.run_for(550ms);
    const FaultId fault = exchange.network().stop_reading(exchange.server_host);
    exchange.run_for(10s);
    EXPECT_EQ(exchange.at_server, "abcdef");
    EXPECT_EQ(exchange.client_write, IoStatus::ok) << "the window has room for letters";
    exchange.network().heal(fault);
    exchange.run_for(1s);
    EXPECT_EQ(exchange.at_server, alphabet);
    EXPECT_EQ(exchange.at_client, alphabet);
}

TEST(Faults, AReaderThatStopsFillsTheWindowUntilTheWriterWaits) {
    Pair pair;
    const std::string sent(200'000, 'x');
    std::string received;
    IoStatus in_time = IoStatus::ok, later = IoStatus::closed;
    pair.add_server([&](Process& process) {
        serve(process, [&](Connection& connection) {
            received = read_exactly(connection, sent.size()).second;
        });
    });
    std::size_t written = 0;
    pair.add_client([&](Process& process, Connection& connection) {
        const IoResult first = connection.write_all(sent, process.runtime().after(5s));
        in_time = first.status;
        written = first.bytes;
        later = connection.write_all(std::string_view(sent).substr(written), Deadline::never())
                    .status;
    });
    SimNetwork& network = pair.world.network();
    const FaultId fault = network.stop_reading(pair.server_host);
    pair.run_for(60s);
    EXPECT_EQ(in_time, IoStatus::timed_out);
    EXPECT_EQ(written, 65'536u);
    EXPECT_EQ(later, IoStatus::closed) << "it still waits";
    network.heal(fault);
    pair.run_for(10s);
    EXPECT_EQ(later, IoStatus::ok);
    EXPECT_EQ(received, sent);
}

}  // namespace
}  // namespace conclave::sim
