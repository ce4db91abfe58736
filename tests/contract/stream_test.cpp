// Bytes on their way: in order, all of them, in both directions, and never more than there is room.

#include "suite.hpp"

namespace conclave::contract {
namespace {

class StreamContract : public EnvironmentContract {};
INSTANTIATE_TEST_SUITE_P(World, StreamContract, testing::ValuesIn(world_kinds()), world_name);

TEST_P(StreamContract, ManySmallWritesArriveAsOneOrderedStream) {
    constexpr std::size_t total = 20'000;
    with_ends([&](Runtime& runtime, Ends& ends) {
        TaskGroup group(runtime.scheduler);
        group.spawn([&] {
            std::size_t sent = 0;
            for (std::size_t size = 1; sent < total; size = size % 17 + 1) {
                const std::size_t count = std::min(size, total - sent);
                EXPECT_EQ(ends.near->write_all(text_at(sent, count), soon(runtime)),
                          (IoResult{IoStatus::ok, count}));
                sent += count;
            }
            ends.near->close();
        });
        EXPECT_EQ(receive_all(runtime, *ends.far),
                  (Received{IoStatus::end_of_stream, text_at(0, total)}));
        group.join();
    });
}

TEST_P(StreamContract, AReadCarriesAtLeastOneByteAndAtMostTheBuffer) {
    constexpr std::size_t total = 3000;
    with_ends([&](Runtime& runtime, Ends& ends) {
        EXPECT_TRUE(ends.near->write_all(text_at(0, total), soon(runtime)).ok());
        std::string received;
        for (std::size_t size = 1; received.size() < total; size = size % 97 + 1) {
            std::string buffer(size, '\0');
            const IoResult result = ends.far->read_some(buffer, soon(runtime));
            ASSERT_EQ(result.status, IoStatus::ok);
            ASSERT_GE(result.bytes, 1u);
            ASSERT_LE(result.bytes, size);
            received.append(buffer, 0, result.bytes);
        }
        EXPECT_EQ(received, text_at(0, total));
    });
}

TEST_P(StreamContract, AReadIntoNothingIsAnErrorOfTheCaller) {
    EXPECT_DEATH(
        with_ends([](Runtime& runtime, Ends& ends) { ends.near->read_some({}, soon(runtime)); }),
        "assertion failed: !buffer.empty");
}

TEST_P(StreamContract, CarriesMegabytesInBothDirectionsAtOnce) {
    constexpr std::size_t total = 4 << 20;
    with_ends([&](Runtime& runtime, Ends& ends) {
        TaskGroup group(runtime.scheduler);
        const auto send = [&](Connection& connection, std::size_t begin) {
            EXPECT_EQ(connection.write_all(text_at(begin, total), soon(runtime)),
                      (IoResult{IoStatus::ok, total}));
        };
        Received at_far;
        group.spawn([&] { send(*ends.near, 0); });
        group.spawn([&] { send(*ends.far, total); });
        group.spawn([&] { at_far = receive(runtime, *ends.far, total); });
        const Received at_near = receive(runtime, *ends.near, total);
        group.join();
        EXPECT_EQ(at_far, (Received{IoStatus::ok, text_at(0, total)}));
        EXPECT_EQ(at_near, (Received{IoStatus::ok, text_at(total, total)}));
    });
}

TEST_P(StreamContract, AWriteOfNothingIsAccepted) {
    with_ends([](Runtime& runtime, Ends& ends) {
        EXPECT_EQ(ends.near->write_all({}, soon(runtime)), IoResult{});
        EXPECT_EQ(ends.near->write_all({}, already_past(runtime)), IoResult{});
    });
}

TEST_P(StreamContract, AFullWindowParksTheWriterUntilTheReaderDrains) {
    constexpr std::size_t more = 100'000;
    with_ends([](Runtime& runtime, Ends& ends) {
        const std::size_t filled = fill(runtime, *ends.near);
        bool written = false;
        Received received;
        while_waiting(runtime, {[&] {
                          // More than the room that a kernel may still have found.
                          for (std::size_t part = 0; part < 10; ++part)
                              EXPECT_EQ(ends.near->write_all(text_at(filled + part * more, more),
                                                             soon(runtime)),
                                        (IoResult{IoStatus::ok, more}));
                          written = true;
                          ends.near->close();
                      }},
                      [&](TaskGroup&) {
                          EXPECT_FALSE(written);
                          received = receive_all(runtime, *ends.far);
                      });
        EXPECT_TRUE(written);
        EXPECT_EQ(received, (Received{IoStatus::end_of_stream, text_at(0, filled + 10 * more)}));
    });
}

TEST_P(StreamContract, AWriteThatTimesOutTellsHowManyBytesWereAccepted) {
    with_ends([](Runtime& runtime, Ends& ends) {
        const std::size_t filled = fill(runtime, *ends.near);
        EXPECT_GT(filled, 0u);
        ends.near->close();
        EXPECT_EQ(receive_all(runtime, *ends.far),
                  (Received{IoStatus::end_of_stream, text_at(0, filled)}));
    });
}

TEST_P(StreamContract, BytesWrittenBeforeTheAcceptAreThereAfterIt) {
    in_world([&](Runtime& runtime) {
        const Listening listening = runtime.network.listen(world_->address());
        ASSERT_EQ(listening.status, IoStatus::ok) << listening.detail;
        Connected near = runtime.network.connect(listening.listener->endpoint(), soon(runtime));
        ASSERT_EQ(near.status, IoStatus::ok) << near.detail;
        EXPECT_TRUE(near.connection->write_all("early", soon(runtime)).ok());
        near.connection->close();
        const Connected far = listening.listener->accept(soon(runtime));
        ASSERT_EQ(far.status, IoStatus::ok) << far.detail;
        EXPECT_EQ(receive_all(runtime, *far.connection),
                  (Received{IoStatus::end_of_stream, "early"}));
    });
}

}  // namespace
}  // namespace conclave::contract
