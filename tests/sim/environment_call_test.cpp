// A crash or a pause at any environment call, and what a dead process can still do: nothing.

#include <gtest/gtest.h>

#include "support.hpp"

namespace conclave::sim {
namespace {

struct Outcome {
    std::string received;
    std::uint64_t calls = 0;
    bool finished = false;
    int log_after_death = 0;
};

/// Two writes with looks at the clock between them; `disturb` meets the client before it begins.
Outcome run_two_writes(const std::function<void(Pair&, Process&)>& disturb) {
    Pair pair;
    Outcome outcome;
    pair.add_server([&](Process& process) {
        serve(process, [&](Connection& connection) {
            outcome.received = read_exactly(connection, 100).second;
        });
    });
    Process& client = pair.add_client([&](Process& process, Connection& connection) {
        process.runtime().clock.now();
        connection.write_all("one ", Deadline::never());
        process.runtime().random.next();
        sleep_for(process.runtime(), 10ms);
        connection.write_all("two", Deadline::never());
        outcome.log_after_death += !process.alive();
        outcome.finished = true;
    });
    disturb(pair, client);
    pair.run_for(1min);
    outcome.calls = client.calls();
    return outcome;
}

TEST(EnvironmentCalls, AreCounted) {
    const Outcome outcome = run_two_writes([](Pair&, Process&) {});
    // connect, now, write, random, now and park of the sleep, write
    EXPECT_EQ(outcome.calls, 7u);
    EXPECT_EQ(outcome.received, "one two");
}

TEST(EnvironmentCalls, ACrashBeforeACallSuppressesItsEffectAndAllLaterOnes) {
    const auto received_when_crashed_before = [](std::uint64_t ordinal) {
        return run_two_writes([ordinal](Pair&, Process& client) {
                   client.at_call(ordinal, CallPoint::before, [&client] { client.crash(); });
               })
            .received;
    };
    EXPECT_EQ(received_when_crashed_before(1), "");
    EXPECT_EQ(received_when_crashed_before(3), "");
    EXPECT_EQ(received_when_crashed_before(4), "one ");
    EXPECT_EQ(received_when_crashed_before(7), "one ");
}

TEST(EnvironmentCalls, ACrashAfterACallKeepsItsEffectButTheProcessNeverKnows) {
    const Outcome outcome = run_two_writes([](Pair&, Process& client) {
        client.at_call(7, CallPoint::after, [&client] { client.crash(); });
    });
    EXPECT_EQ(outcome.received, "one two");
    EXPECT_FALSE(outcome.finished);
}

TEST(EnvironmentCalls, NothingRunsOnInADeadProcessAtAnyStep) {
    for (std::uint64_t ordinal = 1; ordinal <= 7; ++ordinal) {
        for (const CallPoint point : {CallPoint::before, CallPoint::after}) {
            const Outcome outcome = run_two_writes([&](Pair&, Process& client) {
                client.at_call(ordinal, point, [&client] { client.crash(); });
            });
            EXPECT_FALSE(outcome.finished) << ordinal;
            EXPECT_EQ(outcome.log_after_death, 0) << ordinal;
        }
    }
}

TEST(EnvironmentCalls, APauseRightAfterALookAtTheClockHoldsTheNextEffect) {
    Pair pair;
    WorldTime received{};
    TimePoint believed{};
    pair.add_server([&](Process& process) {
        serve(process, [&](Connection& connection) {
            read_exactly(connection, 1);
            received = pair.world.now();
        });
    });
    Process& client = pair.add_client([&](Process& process, Connection& connection) {
        believed = process.runtime().clock.now();
        connection.write_all("x", Deadline::never());
        sleep_for(process.runtime(), 1h);
    });
    client.at_call(2, CallPoint::after, [&] { client.pause(); });
    pair.world.at(at_time(30s), [&] { client.resume(); });
    pair.run_for(1min);
    EXPECT_LT(believed, TimePoint(1s));
    EXPECT_GT(received, at_time(30s));
}

TEST(EnvironmentCalls, AnyFaultMayFallAtAStep) {
    const Outcome outcome = run_two_writes([](Pair& pair, Process& client) {
        client.at_call(7, CallPoint::before, [&pair] {
            pair.world.network().reset_connections(pair.client_host, pair.server_host);
        });
    });
    EXPECT_EQ(outcome.received, "one ");
    EXPECT_TRUE(outcome.finished);
}

TEST(EnvironmentCalls, OfADeadProcessAreRefusedToOthers) {
    Pair pair;
    Process& server = pair.add_echo_server();
    pair.run_for(1s);
    server.crash();
    Runtime& runtime = server.runtime();
    EXPECT_EQ(runtime.network.listen(server_endpoint).status, IoStatus::closed);
    EXPECT_EQ(runtime.network.connect(server_endpoint, Deadline::never()).status,
              IoStatus::closed);
    EXPECT_TRUE(pair.world.idle());
}

}  // namespace
}  // namespace conclave::sim
