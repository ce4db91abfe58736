// Power loss, suspension and durable storage of whole hosts.

#include <gtest/gtest.h>

#include "support.hpp"

namespace conclave::sim {
namespace {

TEST(Host, PowerLossLeavesPeersInSilenceUntilItIsBack) {
    Pair pair;
    pair.add_echo_server();
    std::vector<IoStatus> seen;
    pair.add_client([&](Process& process, Connection& connection) {
        Runtime& runtime = process.runtime();
        sleep_for(runtime, 2s);
        seen.push_back(connection.write_all("x", runtime.after(1s)).status);
        seen.push_back(read_exactly(connection, 1, runtime.after(5s)).first);
        seen.push_back(read_exactly(connection, 1, runtime.after(60s)).first);
    });
    pair.world.at(at_time(1s), [&] { pair.server_host.power_loss(); });
    pair.world.at(at_time(20s), [&] { pair.server_host.power_on(); });
    pair.run_for(100s);
    EXPECT_EQ(seen, (std::vector{IoStatus::ok, IoStatus::timed_out, IoStatus::reset}));
}

TEST(Host, PowerLossLosesWhatWasOnItsWayOut) {
    Pair pair;
    LinkOptions& link = pair.world.network().link(pair.client_host, pair.server_host);
    link.latency_min = link.latency_max = 1s;
    std::string received;
    pair.add_server([&](Process& process) {
        serve(process, [&](Connection& connection) {
            received = read_exactly(connection, 100, process.runtime().after(1min)).second;
        });
    });
    pair.add_client([](Process& process, Connection& connection) {
        connection.write_all("arrives", Deadline::never());
        sleep_for(process.runtime(), 2s);
        connection.write_all("does not", Deadline::never());
        sleep_for(process.runtime(), 1h);
    });
    pair.world.at(at_time(3500ms), [&] { pair.client_host.power_loss(); });
    pair.run_for(5min);
    EXPECT_EQ(received, "arrives");
}

TEST(Host, PowerLossRunsTheActionsOfTheOwnersOfItsStorage) {
    Pair pair;
    struct Disk {
        int page_cache = 0, durable = 0;
    };
    pair.server_host.storage() = Disk{};
    Disk& disk = std::any_cast<Disk&>(pair.server_host.storage());
    pair.server_host.on_power_loss([&] { disk.page_cache = disk.durable; });
    Process& server = pair.add_server([&](Process&) {
        if (disk.page_cache == 0) disk.page_cache = 5;
    });
    pair.run_for(1s);
    server.crash();
    EXPECT_EQ(disk.page_cache, 5);
    pair.server_host.power_loss();
    EXPECT_EQ(disk.page_cache, 0);
}

TEST(Host, ARestartOfAProcessBootsItsHost) {
    Pair pair;
    Process& server = pair.add_echo_server();
    pair.run_for(1s);
    pair.server_host.power_loss();
    EXPECT_FALSE(server.alive());
    server.restart();
    EXPECT_TRUE(pair.server_host.powered());
    EXPECT_TRUE(server.alive());
}

TEST(Host, ASuspendedHostAcknowledgesNothing) {
    Pair pair;
    pair.add_echo_server();
    IoStatus during{}, after{};
    pair.world.at(at_time(1s), [&] { pair.server_host.suspend(); });
    pair.world.at(at_time(10s), [&] { pair.server_host.resume(); });
    pair.world.add_process(pair.client_host, "client", [&](Process& process) {
        Runtime& runtime = process.runtime();
        sleep_for(runtime, 2s);
        during = runtime.network.connect(server_endpoint, runtime.after(3s)).status;
        after = runtime.network.connect(server_endpoint, runtime.after(60s)).status;
    });
    pair.run_for(100s);
    EXPECT_EQ(during, IoStatus::timed_out);
    EXPECT_EQ(after, IoStatus::ok);
}

}  // namespace
}  // namespace conclave::sim
