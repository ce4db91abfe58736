// Whatever the seed and the link: bytes arrive unchanged and in order.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "support.hpp"

namespace conclave::sim {
namespace {

std::string numbered_bytes(std::size_t count) {
    std::string text;
    for (std::size_t index = 0; index < count; ++index)
        text.push_back(static_cast<char>(index * 31 + index / 251));
    return text;
}

RC_GTEST_PROP(SimNetwork, DeliversInOrderAndUnchanged, (std::uint64_t seed)) {
    Stream draw = Stream(seed).split("test");
    Pair pair({.seed = seed,
               .link = {.loss = 0.2,
                        .bytes_per_second = draw.chance(0.5) ? 1'000'000u : 0u,
                        .segmentation = 0.5}});
    const std::string sent = numbered_bytes(draw.below(100'000));
    const std::size_t piece = 1 + draw.below(5'000);
    std::pair<IoStatus, std::string> received;
    pair.add_server([&](Process& process) {
        serve(process, [&](Connection& connection) {
            received = read_exactly(connection, sent.size() + 1);
        });
    });
    pair.add_client([&](Process&, Connection& connection) {
        for (std::size_t at = 0; at < sent.size(); at += piece)
            connection.write_all(std::string_view(sent).substr(at, piece), Deadline::never());
    });
    SimNetwork& network = pair.world.network();
    FaultId cut = 0;
    pair.world.at(at_time(20ms), [&] {
        cut = network.partition({&pair.client_host}, {&pair.server_host});
    });
    pair.world.at(at_time(3s), [&] { network.heal(cut); });
    pair.run_for(1h);
    RC_ASSERT(received.first == IoStatus::end_of_stream);
    RC_ASSERT(received.second == sent);
}

TEST(SimNetwork, CutsWritesAndReads) {
    Pair pair({.seed = 1, .link = {.segmentation = 0.5}});
    int reads = 0;
    pair.add_server([&](Process& process) {
        serve(process, [&](Connection& connection) {
            char buffer[64];
            while (connection.read_some(buffer, Deadline::never()).ok()) ++reads;
        });
    });
    pair.add_client([](Process& process, Connection& connection) {
        for (int message = 0; message < 100; ++message) {
            connection.write_all("eight by", Deadline::never());
            sleep_for(process.runtime(), 10ms);
        }
    });
    pair.run_for(10s);
    EXPECT_GT(reads, 150);
    EXPECT_GT(pair.world.network().counters().segments_cut, 50u);
}

TEST(SimNetwork, LossCostsARetransmission) {
    Pair pair({.seed = 5, .link = {.loss = 0.3, .retransmission = 200ms}});
    Duration longest{};
    pair.add_echo_server();
    pair.add_client([&](Process& process, Connection& connection) {
        for (int message = 0; message < 50; ++message) {
            const TimePoint begin = process.runtime().clock.now();
            connection.write_all("x", Deadline::never());
            read_exactly(connection, 1);
            longest = std::max(longest, process.runtime().clock.now() - begin);
        }
    });
    pair.run_for(1h);
    EXPECT_GT(pair.world.network().counters().retransmissions, 10u);
    EXPECT_GE(longest, 200ms);
}

}  // namespace
}  // namespace conclave::sim
