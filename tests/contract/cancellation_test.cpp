// Cancelled fibers: what waits ends at once, what needs no waiting goes on, and nothing is lost.

#include "suite.hpp"

namespace conclave::contract {
namespace {

using testing::AnyOf;

class CancellationContract : public EnvironmentContract {};
INSTANTIATE_TEST_SUITE_P(World, CancellationContract, testing::ValuesIn(world_kinds()), world_name);

TEST_P(CancellationContract, EndsAReadAndLeavesTheConnectionAsItWas) {
    with_ends([](Runtime& runtime, Ends& ends) {
        IoStatus status{};
        while_waiting(runtime, {[&] { status = read_one(*ends.near, Deadline::never()); }},
                      [](TaskGroup& group) { group.cancel(); });
        EXPECT_EQ(status, IoStatus::cancelled);
        EXPECT_TRUE(ends.far->write_all("later", soon(runtime)).ok());
        EXPECT_EQ(receive(runtime, *ends.near, 5), (Received{IoStatus::ok, "later"}));
    });
}

TEST_P(CancellationContract, EndsAWriteThatTellsHowManyBytesWereAccepted) {
    with_ends([](Runtime& runtime, Ends& ends) {
        const std::size_t filled = fill(runtime, *ends.near);
        const std::string more = text_at(filled, 16 << 20);
        IoResult result;
        while_waiting(runtime, {[&] { result = ends.near->write_all(more, Deadline::never()); }},
                      [](TaskGroup& group) { group.cancel(); });
        EXPECT_EQ(result.status, IoStatus::cancelled);
        ends.near->close();
        EXPECT_EQ(receive_all(runtime, *ends.far),
                  (Received{IoStatus::end_of_stream, text_at(0, filled + result.bytes)}));
    });
}

TEST_P(CancellationContract, EndsAnAcceptAndLeavesTheListenerAsItWas) {
    in_world([&](Runtime& runtime) {
        const Listening listening = runtime.network.listen(world_->address());
        ASSERT_EQ(listening.status, IoStatus::ok) << listening.detail;
        Connected accepted;
        while_waiting(runtime, {[&] { accepted = listening.listener->accept(Deadline::never()); }},
                      [](TaskGroup& group) { group.cancel(); });
        EXPECT_EQ(accepted.status, IoStatus::cancelled);
        EXPECT_EQ(accepted.connection, nullptr);
        const Connected client =
            runtime.network.connect(listening.listener->endpoint(), soon(runtime));
        EXPECT_EQ(client.status, IoStatus::ok) << client.detail;
        EXPECT_EQ(listening.listener->accept(soon(runtime)).status, IoStatus::ok);
    });
}

TEST_P(CancellationContract, EndsAConnectThatNobodyAnswers) {
    in_world([&](Runtime& runtime) {
        Connected connected;
        while_waiting(runtime, {[&] {
                          connected =
                              runtime.network.connect(world_->silent_address(), Deadline::never());
                      }},
                      [](TaskGroup& group) { group.cancel(); });
        EXPECT_EQ(connected.status, IoStatus::cancelled);
        EXPECT_EQ(connected.connection, nullptr);
    });
}

// The kernel over there may have completed the handshake: its listener then hands out a connection
// that is over, or nothing at all.
TEST_P(CancellationContract, AConnectGivenUpOnItsWayLeavesNoOpenConnection) {
    in_world([&](Runtime& runtime) {
        const Listening listening = runtime.network.listen(world_->address());
        ASSERT_EQ(listening.status, IoStatus::ok) << listening.detail;
        Connected connected;
        while_waiting(runtime, {[&] {
                          connected = runtime.network.connect(listening.listener->endpoint(),
                                                              Deadline::never());
                      }},
                      [](TaskGroup& group) { group.cancel(); });
        EXPECT_THAT(connected.status, AnyOf(IoStatus::ok, IoStatus::cancelled));
        EXPECT_EQ(connected.connection != nullptr, connected.status == IoStatus::ok);
        connected.connection.reset();
        const Connected accepted = listening.listener->accept(runtime.after(50ms));
        ASSERT_THAT(accepted.status, AnyOf(IoStatus::ok, IoStatus::timed_out));
        if (!accepted.connection) return;
        EXPECT_THAT(read_one(*accepted.connection, soon(runtime)),
                    AnyOf(IoStatus::end_of_stream, IoStatus::reset));
    });
}

TEST_P(CancellationContract, ACancelledFiberStillDoesWhatNeedsNoWaiting) {
    with_ends([](Runtime& runtime, Ends& ends) {
        fill(runtime, *ends.far);
        const Connected client = runtime.network.connect(ends.listener->endpoint(), soon(runtime));
        TaskGroup group(runtime.scheduler);
        group.cancel();
        group.spawn([&] {
            EXPECT_EQ(read_one(*ends.near, Deadline::never()), IoStatus::ok);
            EXPECT_TRUE(ends.near->write_all("farewell", Deadline::never()).ok());
            EXPECT_EQ(ends.listener->accept(Deadline::never()).status, IoStatus::ok);
            EXPECT_EQ(ends.listener->accept(Deadline::never()).status, IoStatus::cancelled);
            EXPECT_EQ(ends.listener->accept(Deadline::never()).status, IoStatus::cancelled);
        });
        group.join();
        EXPECT_EQ(receive(runtime, *ends.far, 8), (Received{IoStatus::ok, "farewell"}));
    });
}

TEST_P(CancellationContract, ARaceWithArrivingBytesLosesNone) {
    constexpr std::size_t rounds = 100;
    with_ends([](Runtime& runtime, Ends& ends) {
        std::string received;
        for (std::size_t round = 0; round < rounds; ++round) {
            IoResult result;
            char byte = 0;
            while_waiting(
                runtime, {[&] {
                    result = ends.near->read_some({&byte, 1}, Deadline::never());
                }},
                [&](TaskGroup& group) {
                    EXPECT_TRUE(ends.far->write_all(text_at(round, 1), soon(runtime)).ok());
                    const Duration pause = round % 4 * 20us;
                    if (round % 4 != 0) runtime.scheduler.park(runtime.after(pause));
                    group.cancel();
                });
            ASSERT_THAT(result.status, AnyOf(IoStatus::ok, IoStatus::cancelled));
            if (!result.ok()) result = ends.near->read_some({&byte, 1}, soon(runtime));
            ASSERT_TRUE(result.ok());
            received.push_back(byte);
        }
        EXPECT_EQ(received, text_at(0, rounds));
    });
}

}  // namespace
}  // namespace conclave::contract
