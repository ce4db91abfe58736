// How a stream ends in order: by the peer, by this side, and under fibers that are waiting for it.

#include "suite.hpp"

namespace conclave::contract {
namespace {

class EndingContract : public EnvironmentContract {};
INSTANTIATE_TEST_SUITE_P(World, EndingContract, testing::ValuesIn(world_kinds()), world_name);

TEST_P(EndingContract, TheStreamEndsAfterAllThatCameBeforeTheClose) {
    with_ends([](Runtime& runtime, Ends& ends) {
        EXPECT_TRUE(ends.far->write_all("last words", soon(runtime)).ok());
        ends.far->close();
        EXPECT_EQ(receive_all(runtime, *ends.near),
                  (Received{IoStatus::end_of_stream, "last words"}));
        EXPECT_EQ(read_one(*ends.near, soon(runtime)), IoStatus::end_of_stream);
    });
}

TEST_P(EndingContract, TheEndOfTheStreamWakesAReader) {
    with_ends([](Runtime& runtime, Ends& ends) {
        IoStatus status{};
        while_waiting(runtime, {[&] { status = read_one(*ends.near, soon(runtime)); }},
                      [&](TaskGroup&) { ends.far->close(); });
        EXPECT_EQ(status, IoStatus::end_of_stream);
    });
}

TEST_P(EndingContract, AConnectionThatGoesAwayIsClosed) {
    with_ends([](Runtime& runtime, Ends& ends) {
        ends.far.reset();
        EXPECT_EQ(read_one(*ends.near, soon(runtime)), IoStatus::end_of_stream);
    });
}

// The first bytes may still be accepted: only the answer to them says that nobody is there.
TEST_P(EndingContract, WritingAfterThePeerClosedEndsInAResetAndReadingStaysAtTheEnd) {
    with_ends([](Runtime& runtime, Ends& ends) {
        ends.far->close();
        EXPECT_EQ(read_one(*ends.near, soon(runtime)), IoStatus::end_of_stream);
        EXPECT_EQ(write_until_it_ends(runtime, *ends.near), IoStatus::reset);
        EXPECT_EQ(ends.near->write_all("again", soon(runtime)).status, IoStatus::reset);
        EXPECT_EQ(read_one(*ends.near, soon(runtime)), IoStatus::end_of_stream);
    });
}

TEST_P(EndingContract, WhatThePeerSaidBeforeItClosedIsReadEvenAfterAWriteFailed) {
    with_ends([](Runtime& runtime, Ends& ends) {
        EXPECT_TRUE(ends.far->write_all("last words", soon(runtime)).ok());
        ends.far->close();
        EXPECT_EQ(write_until_it_ends(runtime, *ends.near), IoStatus::reset);
        EXPECT_EQ(receive_all(runtime, *ends.near),
                  (Received{IoStatus::end_of_stream, "last words"}));
    });
}

TEST_P(EndingContract, EveryOperationAfterTheOwnCloseSaysClosed) {
    with_ends([](Runtime& runtime, Ends& ends) {
        EXPECT_TRUE(ends.far->write_all("unread", soon(runtime)).ok());
        ends.near->close();
        ends.near->close();
        EXPECT_EQ(read_one(*ends.near, soon(runtime)), IoStatus::closed);
        EXPECT_EQ(ends.near->write_all("x", soon(runtime)), (IoResult{IoStatus::closed, 0}));
        EXPECT_EQ(ends.near->write_all({}, soon(runtime)), (IoResult{IoStatus::closed, 0}));
        EXPECT_EQ(ends.near->start_tls({}, soon(runtime)).status, IoStatus::closed);
        EXPECT_EQ(read_one(*ends.near, already_past(runtime)), IoStatus::closed);
    });
}

TEST_P(EndingContract, ClosingWakesTheReaderAndTheWriter) {
    with_ends([](Runtime& runtime, Ends& ends) {
        const std::size_t filled = fill(runtime, *ends.near);
        const std::string more = text_at(filled, 16 << 20);
        IoStatus reading{};
        IoResult writing;
        while_waiting(runtime,
                      {[&] { reading = read_one(*ends.near, Deadline::never()); },
                       [&] { writing = ends.near->write_all(more, Deadline::never()); }},
                      [&](TaskGroup&) { ends.near->close(); });
        EXPECT_EQ(reading, IoStatus::closed);
        EXPECT_EQ(writing.status, IoStatus::closed);
        EXPECT_EQ(receive_all(runtime, *ends.far),
                  (Received{IoStatus::end_of_stream, text_at(0, filled + writing.bytes)}));
    });
}

TEST_P(EndingContract, ClosingAListenerWakesItsAcceptor) {
    in_world([&](Runtime& runtime) {
        const Listening listening = runtime.network.listen(world_->address());
        ASSERT_EQ(listening.status, IoStatus::ok) << listening.detail;
        Listener& listener = *listening.listener;
        const Endpoint endpoint = listener.endpoint();
        Connected accepted;
        while_waiting(runtime, {[&] { accepted = listener.accept(Deadline::never()); }},
                      [&](TaskGroup&) {
                          listener.close();
                          listener.close();
                      });
        EXPECT_EQ(accepted.status, IoStatus::closed);
        EXPECT_EQ(accepted.connection, nullptr);
        EXPECT_EQ(listener.accept(soon(runtime)).status, IoStatus::closed);
        EXPECT_EQ(listener.accept(already_past(runtime)).status, IoStatus::closed);
        EXPECT_EQ(listener.endpoint(), endpoint);
        EXPECT_EQ(runtime.network.connect(endpoint, soon(runtime)).status, IoStatus::refused);
    });
}

TEST_P(EndingContract, AcceptedConnectionsOutliveTheirListener) {
    with_ends([](Runtime& runtime, Ends& ends) {
        ends.listener.reset();
        EXPECT_TRUE(ends.near->write_all("still", soon(runtime)).ok());
        EXPECT_EQ(receive(runtime, *ends.far, 5), (Received{IoStatus::ok, "still"}));
    });
}

}  // namespace
}  // namespace conclave::contract
