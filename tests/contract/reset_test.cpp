// How a stream breaks. Linux tells a socket of a reset once and then pretends that the stream had
// ended; the environment does not: a broken stream never looks like a complete one.

#include "suite.hpp"

namespace conclave::contract {
namespace {

class ResetContract : public EnvironmentContract {
protected:
    /// `near` is reset because `far` closed with bytes that it had not read.
    void with_broken_end(const std::function<void(Runtime&, Connection&)>& body) {
        with_ends([&](Runtime& runtime, Ends& ends) {
            fill(runtime, *ends.near);
            ends.far->close();
            body(runtime, *ends.near);
        });
    }
};
INSTANTIATE_TEST_SUITE_P(World, ResetContract, testing::ValuesIn(world_kinds()), world_name);

TEST_P(ResetContract, ClosingWithUnreadInputResetsThePeer) {
    with_broken_end([](Runtime& runtime, Connection& connection) {
        EXPECT_EQ(read_one(connection, soon(runtime)), IoStatus::reset);
    });
}

TEST_P(ResetContract, AReaderThatWasToldIsToldAgain) {
    with_broken_end([](Runtime& runtime, Connection& connection) {
        EXPECT_EQ(read_one(connection, soon(runtime)), IoStatus::reset);
        EXPECT_EQ(read_one(connection, soon(runtime)), IoStatus::reset);
        EXPECT_EQ(connection.write_all("x", soon(runtime)).status, IoStatus::reset);
        EXPECT_EQ(read_one(connection, soon(runtime)), IoStatus::reset);
    });
}

TEST_P(ResetContract, AReaderIsToldAlthoughTheWriterWasToldFirst) {
    with_broken_end([](Runtime& runtime, Connection& connection) {
        EXPECT_EQ(write_until_it_ends(runtime, connection), IoStatus::reset);
        EXPECT_EQ(connection.write_all("x", soon(runtime)).status, IoStatus::reset);
        EXPECT_EQ(read_one(connection, soon(runtime)), IoStatus::reset);
        EXPECT_EQ(read_one(connection, soon(runtime)), IoStatus::reset);
    });
}

TEST_P(ResetContract, WakesTheReaderAndTheWriter) {
    with_ends([](Runtime& runtime, Ends& ends) {
        fill(runtime, *ends.near);
        const std::string more = text_at(0, 16 << 20);
        IoStatus reading{}, writing{};
        while_waiting(runtime,
                      {[&] { reading = read_one(*ends.near, soon(runtime)); },
                       [&] { writing = ends.near->write_all(more, soon(runtime)).status; }},
                      [&](TaskGroup&) { ends.far->close(); });
        EXPECT_EQ(reading, IoStatus::reset);
        EXPECT_EQ(writing, IoStatus::reset);
    });
}

TEST_P(ResetContract, WhatHadArrivedBeforeItIsStillRead) {
    with_ends([](Runtime& runtime, Ends& ends) {
        const std::size_t filled = fill(runtime, *ends.far);
        fill(runtime, *ends.near);
        ends.far->close();
        EXPECT_EQ(write_until_it_ends(runtime, *ends.near), IoStatus::reset);
        const Received received = receive_all(runtime, *ends.near);
        EXPECT_EQ(received.status, IoStatus::reset);
        // A kernel throws away what it had not sent yet, so not everything that it accepted.
        EXPECT_GT(received.text.size(), 0u);
        EXPECT_EQ(received.text, text_at(0, filled).substr(0, received.text.size()));
    });
}

TEST_P(ResetContract, ABrokenConnectionIsStillClosedByItsOwner) {
    with_broken_end([](Runtime& runtime, Connection& connection) {
        EXPECT_EQ(read_one(connection, soon(runtime)), IoStatus::reset);
        connection.close();
        EXPECT_EQ(read_one(connection, soon(runtime)), IoStatus::closed);
        EXPECT_EQ(connection.write_all("x", soon(runtime)).status, IoStatus::closed);
    });
}

TEST_P(ResetContract, ClosingAListenerResetsThoseItHasNotAccepted) {
    in_world([&](Runtime& runtime) {
        const Listening listening = runtime.network.listen(world_->address());
        ASSERT_EQ(listening.status, IoStatus::ok) << listening.detail;
        Connected near = runtime.network.connect(listening.listener->endpoint(), soon(runtime));
        ASSERT_EQ(near.status, IoStatus::ok) << near.detail;
        listening.listener->close();
        EXPECT_EQ(read_one(*near.connection, soon(runtime)), IoStatus::reset);
        EXPECT_EQ(write_until_it_ends(runtime, *near.connection), IoStatus::reset);
    });
}

}  // namespace
}  // namespace conclave::contract
