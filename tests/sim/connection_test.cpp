// Connections without faults: what the simulator adds to the contract of the environment, which
// tests/contract checks.

#include <gtest/gtest.h>

#include "support.hpp"

namespace conclave::sim {
namespace {

TEST(SimConnection, DeliversAfterTheLatencyOfItsLink) {
    Pair pair;
    LinkOptions& link = pair.world.network().link(pair.client_host, pair.server_host);
    link.latency_min = link.latency_max = 5ms;
    Duration took{};
    pair.add_echo_server();
    pair.add_client([&](Process& process, Connection& connection) {
        const TimePoint begin = process.runtime().clock.now();
        connection.write_all("ping", Deadline::never());
        EXPECT_EQ(read_exactly(connection, 4).second, "ping");
        took = process.runtime().clock.now() - begin;
    });
    pair.run_for(1s);
    EXPECT_GE(took, 5ms + LinkOptions{}.latency_min);
    EXPECT_LE(took, 5ms + LinkOptions{}.latency_max);
}

TEST(SimConnection, AFullWindowStopsTheWriterUntilTheReaderReads) {
    Pair pair;
    constexpr std::size_t much = 200'000;
    IoResult before_reading, after_reading;
    std::string received;
    pair.add_server([&](Process& process) {
        serve(process, [&](Connection& connection) {
            sleep_for(process.runtime(), 2s);
            received = read_exactly(connection, much).second;
        });
    });
    const std::string sent(much, 'x');
    pair.add_client([&](Process& process, Connection& connection) {
        before_reading = connection.write_all(sent, process.runtime().after(1s));
        after_reading = connection.write_all(std::string_view(sent).substr(before_reading.bytes),
                                             process.runtime().after(10s));
    });
    pair.run_for(20s);
    EXPECT_EQ(before_reading.status, IoStatus::timed_out);
    EXPECT_EQ(before_reading.bytes, 65536u);
    EXPECT_TRUE(after_reading.ok());
    EXPECT_EQ(received, sent);
}

TEST(SimConnection, AReadEndsAtItsDeadline) {
    Pair pair;
    IoStatus status{};
    TimePoint ended{}, deadline{};
    pair.add_echo_server();
    pair.add_client([&](Process& process, Connection& connection) {
        char buffer[8];
        deadline = process.runtime().after(30ms).at();
        status = connection.read_some(buffer, Deadline(deadline)).status;
        ended = process.runtime().clock.now();
    });
    pair.run_for(1s);
    EXPECT_EQ(status, IoStatus::timed_out);
    EXPECT_EQ(ended, deadline);
}

TEST(SimConnection, BandwidthDelaysWhatIsLong) {
    Pair pair;
    pair.world.network().link(pair.client_host, pair.server_host).bytes_per_second = 10'000;
    WorldTime received{};
    pair.add_server([&](Process& process) {
        serve(process, [&](Connection& connection) {
            read_exactly(connection, 20'000);
            received = pair.world.now();
        });
    });
    pair.add_client([](Process& process, Connection& connection) {
        connection.write_all(std::string(20'000, 'x'), Deadline::never());
        sleep_for(process.runtime(), 10s);
    });
    pair.run_for(10s);
    EXPECT_GE(received, at_time(2s));
    EXPECT_LT(received, at_time(2s + 10ms));
}

TEST(SimConnection, GreetsOnlyWhenBothEndsStartTls) {
    Pair pair;
    bool server_greets = false;
    IoStatus plain{}, both{};
    pair.add_server([&](Process& process) {
        serve(process, [&](Connection& connection) {
            if (server_greets)
                connection.start_tls({}, process.runtime().after(1s));
            else
                connection.write_all("-ERR protocol error\r\n", Deadline::never());
            sleep_for(process.runtime(), 1s);
        });
    });
    pair.world.add_process(pair.client_host, "client", [&](Process& process) {
        Network& network = process.runtime().network;
        Connected first = network.connect(server_endpoint, Deadline::never());
        plain = first.connection->start_tls({}, Deadline::never()).status;
        server_greets = true;
        Connected second = network.connect(server_endpoint, Deadline::never());
        both = second.connection->start_tls({}, Deadline::never()).status;
    });
    pair.run_for(1s);
    EXPECT_EQ(plain, IoStatus::tls_failed);
    EXPECT_EQ(both, IoStatus::ok);
}

TEST(SimListener, ListensAtAddressesOfItsOwnHostOnly) {
    Pair pair;
    pair.add_server([](Process& process) {
        EXPECT_EQ(process.runtime().network.listen({"client", 1, {}}).status, IoStatus::failed);
        EXPECT_EQ(process.runtime().network.listen({"server", 1, {}}).status, IoStatus::ok);
    });
    pair.run_for(1s);
}

TEST(SimListener, ServesUnixSocketsOfItsOwnHostOnly) {
    Pair pair;
    const Endpoint path{{}, 0, "/run/server.sock"};
    IoStatus here{}, elsewhere{};
    pair.add_server([&](Process& process) {
        const Listening listening = process.runtime().network.listen(path);
        here = process.runtime().network.connect(path, Deadline::never()).status;
        sleep_for(process.runtime(), 1s);
    });
    pair.world.add_process(pair.client_host, "client", [&](Process& process) {
        elsewhere = process.runtime().network.connect(path, Deadline::never()).status;
    });
    pair.run_for(1s);
    EXPECT_EQ(here, IoStatus::ok);
    EXPECT_EQ(elsewhere, IoStatus::refused);
}

TEST(SimListener, AFullBacklogMakesFurtherClientsWait) {
    Pair pair;
    int connected = 0;
    Process& server = pair.add_server([](Process& process) {
        const Listening listening = process.runtime().network.listen(server_endpoint);
        sleep_for(process.runtime(), 500ms);
        for (;;) {
            const Connected accepted = listening.listener->accept(Deadline::never());
            if (accepted.status != IoStatus::ok) return;
        }
    });
    pair.world.add_process(pair.client_host, "client", [&](Process& process) {
        for (int index = 0; index < 130; ++index) {
            process.tasks().spawn([&] {
                const Connected result =
                    process.runtime().network.connect(server_endpoint, Deadline::never());
                connected += result.status == IoStatus::ok;
                sleep_for(process.runtime(), 10s);
            });
        }
    });
    pair.run_for(400ms);
    EXPECT_EQ(connected, 128);
    pair.run_for(2s);
    EXPECT_EQ(connected, 130);
    EXPECT_TRUE(server.alive());
}

}  // namespace
}  // namespace conclave::sim
