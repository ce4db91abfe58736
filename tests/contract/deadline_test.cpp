// Deadlines: already past, in time, and at the same moment as what was waited for.

#include "suite.hpp"

namespace conclave::contract {
namespace {

using testing::AnyOf;

class DeadlineContract : public EnvironmentContract {};
INSTANTIATE_TEST_SUITE_P(World, DeadlineContract, testing::ValuesIn(world_kinds()), world_name);

TEST_P(DeadlineContract, WhatIsThereIsHadThoughTheDeadlineHasPassed) {
    with_ends([](Runtime& runtime, Ends& ends) {
        EXPECT_EQ(read_one(*ends.near, already_past(runtime)), IoStatus::timed_out);
        EXPECT_TRUE(ends.near->write_all("x", already_past(runtime)).ok());
        EXPECT_GT(fill(runtime, *ends.far), 0u);
        EXPECT_EQ(read_one(*ends.near, already_past(runtime)), IoStatus::ok);
        EXPECT_EQ(read_one(*ends.near, Deadline(TimePoint::min())), IoStatus::ok);
        const std::string more(64 << 20, 'x');
        const IoResult full = ends.far->write_all(more, already_past(runtime));
        EXPECT_EQ(full.status, IoStatus::timed_out);
        EXPECT_LT(full.bytes, more.size());
    });
}

TEST_P(DeadlineContract, AcceptTakesWhoWaitsThoughTheDeadlineHasPassed) {
    in_world([&](Runtime& runtime) {
        const Listening listening = runtime.network.listen(world_->address());
        ASSERT_EQ(listening.status, IoStatus::ok) << listening.detail;
        Listener& listener = *listening.listener;
        const Connected none = listener.accept(already_past(runtime));
        EXPECT_EQ(none.status, IoStatus::timed_out);
        EXPECT_EQ(none.connection, nullptr);
        const Connected client = runtime.network.connect(listener.endpoint(), soon(runtime));
        ASSERT_EQ(client.status, IoStatus::ok) << client.detail;
        EXPECT_EQ(listener.accept(already_past(runtime)).status, IoStatus::ok);
    });
}

// Whether a connect needs time depends on the transport: both outcomes are right, no other is.
TEST_P(DeadlineContract, AConnectAfterItsDeadlineTimesOutUnlessItNeedsNoTime) {
    in_world([&](Runtime& runtime) {
        const Listening listening = runtime.network.listen(world_->address());
        ASSERT_EQ(listening.status, IoStatus::ok) << listening.detail;
        const Connected client =
            runtime.network.connect(listening.listener->endpoint(), already_past(runtime));
        EXPECT_THAT(client.status, AnyOf(IoStatus::ok, IoStatus::timed_out));
        EXPECT_EQ(client.connection != nullptr, client.status == IoStatus::ok);
        EXPECT_EQ(runtime.network.connect(world_->silent_address(), already_past(runtime)).status,
                  IoStatus::timed_out);
    });
}

TEST_P(DeadlineContract, WaitsEndAtTheirDeadlineAndNotBefore) {
    with_ends([&](Runtime& runtime, Ends& ends) {
        const auto ends_in_time = [&](const std::function<IoStatus(Deadline)>& operation) {
            const Deadline deadline = runtime.after(20ms);
            EXPECT_EQ(operation(deadline), IoStatus::timed_out);
            EXPECT_TRUE(deadline.passed(runtime.clock.now()));
        };
        fill(runtime, *ends.far);
        const std::string more(64 << 20, 'x');
        ends_in_time([&](Deadline at) { return read_one(*ends.far, at); });
        ends_in_time([&](Deadline at) { return ends.far->write_all(more, at).status; });
        ends_in_time([&](Deadline at) { return ends.listener->accept(at).status; });
        ends_in_time([&](Deadline at) {
            return runtime.network.connect(world_->silent_address(), at).status;
        });
    });
}

TEST_P(DeadlineContract, AReadThatTimesOutTakesNothing) {
    constexpr std::size_t total = 400;
    with_ends([](Runtime& runtime, Ends& ends) {
        TaskGroup group(runtime.scheduler);
        group.spawn([&] {
            for (std::size_t sent = 0; sent < total; ++sent) {
                EXPECT_EQ(runtime.scheduler.park(runtime.after(sent % 5 * 40us)), Wake::timed_out);
                EXPECT_TRUE(ends.far->write_all(text_at(sent, 1), soon(runtime)).ok());
            }
        });
        std::string received;
        int late = 0;
        for (char byte; received.size() < total;) {
            const IoResult result = ends.near->read_some({&byte, 1}, runtime.after(60us));
            ASSERT_THAT(result.status, AnyOf(IoStatus::ok, IoStatus::timed_out));
            if (result.ok())
                received.push_back(byte);
            else
                ++late;
        }
        group.join();
        EXPECT_EQ(received, text_at(0, total));
        EXPECT_GT(late, 0);
    });
}

TEST_P(DeadlineContract, AWriteThatTimesOutGoesOnWhereItEnded) {
    constexpr std::size_t total = 24 << 20;
    with_ends([](Runtime& runtime, Ends& ends) {
        TaskGroup group(runtime.scheduler);
        Received received;
        const std::string text = text_at(0, total);
        int late = 0;
        // The reader begins when the writer has been late for the first time.
        Latch begun(runtime.scheduler);
        group.spawn([&] {
            EXPECT_EQ(begun.wait(soon(runtime)), Wake::notified);
            received = receive(runtime, *ends.far, total);
        });
        for (std::size_t sent = 0; sent < total;) {
            const IoResult result =
                ends.near->write_all(std::string_view(text).substr(sent), runtime.after(200us));
            sent += result.bytes;
            if (result.ok()) break;
            ASSERT_EQ(result.status, IoStatus::timed_out);
            ++late;
            begun.set();
        }
        group.join();
        EXPECT_EQ(received, (Received{IoStatus::ok, text}));
        EXPECT_GT(late, 0);
    });
}

TEST_P(DeadlineContract, AnAcceptThatTimesOutLosesNobody) {
    constexpr int clients = 40;
    in_world([&](Runtime& runtime) {
        const Listening listening = runtime.network.listen(world_->address());
        ASSERT_EQ(listening.status, IoStatus::ok) << listening.detail;
        TaskGroup group(runtime.scheduler);
        int connected = 0;
        group.spawn([&] {
            for (int client = 0; client < clients; ++client) {
                EXPECT_EQ(runtime.scheduler.park(runtime.after(client % 4 * 50us)),
                          Wake::timed_out);
                connected +=
                    runtime.network.connect(listening.listener->endpoint(), soon(runtime)).status ==
                    IoStatus::ok;
            }
        });
        for (int accepted = 0; accepted < clients;) {
            const Connected client = listening.listener->accept(runtime.after(80us));
            ASSERT_THAT(client.status, AnyOf(IoStatus::ok, IoStatus::timed_out));
            accepted += client.status == IoStatus::ok;
        }
        group.join();
        EXPECT_EQ(connected, clients);
        EXPECT_EQ(listening.listener->accept(runtime.after(1ms)).status, IoStatus::timed_out);
    });
}

}  // namespace
}  // namespace conclave::contract
