// Crashes, restarts and pauses of a process.

#include <gtest/gtest.h>

#include "support.hpp"

namespace conclave::sim {
namespace {

/// Appends its letter when it is destroyed.
struct Farewell {
    std::string& log;
    char letter;
    ~Farewell() { log.push_back(letter); }
};

TEST(Process, ACrashUnwindsItsFibersNewestFirst) {
    Pair pair;
    std::string log;
    Process& process = pair.add_server([&](Process& self) {
        const Farewell farewell{log, 'm'};
        for (const char letter : {'1', '2', '3'})
            self.tasks().spawn([&self, &log, letter] {
                const Farewell own{log, letter};
                sleep_for(self.runtime(), 1h);
            });
        sleep_for(self.runtime(), 1h);
    });
    pair.run_for(1s);
    process.crash();
    EXPECT_EQ(log, "321m");
    EXPECT_FALSE(process.alive());
    EXPECT_TRUE(pair.world.idle());
}

// Found by redis/group_pause seed 952: the notified fiber was queued, unwound, and resumed after its
// end when the next incarnation went on from a pause.
TEST(Process, AFiberNotifiedByADyingSiblingIsNotQueuedAgain) {
    Pair pair;
    int beats = 0;
    Process& process = pair.add_server([&](Process& self) {
        Latch latch(self.runtime().scheduler);
        struct SetLatch {
            Latch& latch;
            ~SetLatch() { latch.set(); }
        };
        if (self.incarnation() == 1) {
            self.tasks().spawn([&] { latch.wait(Deadline::never()); });
            self.tasks().spawn([&] {
                const SetLatch set_latch{latch};
                sleep_for(self.runtime(), 1h);
            });
        }
        while (sleep_for(self.runtime(), 1s)) ++beats;
    });
    pair.run_for(500ms);
    process.crash();
    process.restart();
    pair.run_for(100ms);
    process.pause();
    pair.run_for(100ms);
    process.resume();
    pair.run_for(2s);
    EXPECT_EQ(beats, 2);
}

TEST(Process, ACrashSendsNoFarewellButTheKernelDeliversAndCloses) {
    Pair pair;
    std::pair<IoStatus, std::string> received;
    pair.add_server([&](Process& process) {
        serve(process, [&](Connection& connection) { received = read_exactly(connection, 100); });
    });
    Process& client = pair.add_client([](Process& process, Connection& connection) {
        struct SayGoodbye {
            Connection& connection;
            ~SayGoodbye() { connection.write_all("goodbye", Deadline::never()); }
        } goodbye{connection};
        connection.write_all("written before", Deadline::never());
        sleep_for(process.runtime(), 1h);
    });
    pair.world.at(at_time(3ms), [&] { client.crash(); });
    pair.run_for(1s);
    EXPECT_EQ(received, std::pair(IoStatus::end_of_stream, std::string("written before")));
}

TEST(Process, ACrashWithUnreadInputResetsThePeer) {
    Pair pair;
    IoStatus seen{};
    Process& server = pair.add_server([](Process& process) {
        serve(process, [&](Connection&) { sleep_for(process.runtime(), 1h); });
    });
    pair.add_client([&](Process&, Connection& connection) {
        connection.write_all("unread", Deadline::never());
        seen = read_exactly(connection, 1).first;
    });
    pair.world.at(at_time(100ms), [&] { server.crash(); });
    pair.run_for(1s);
    EXPECT_EQ(seen, IoStatus::reset);
}

TEST(Process, CrashedListenersRefuseUntilTheRestart) {
    Pair pair;
    Process& server = pair.add_echo_server();
    std::vector<IoStatus> seen;
    pair.world.add_process(pair.client_host, "client", [&](Process& process) {
        for (int second = 0; second < 3; ++second) {
            sleep_for(process.runtime(), 1s);
            seen.push_back(
                process.runtime().network.connect(server_endpoint, Deadline::never()).status);
        }
    });
    pair.world.at(at_time(1500ms), [&] { server.crash(); });
    pair.world.at(at_time(2500ms), [&] { server.restart(); });
    pair.run_for(10s);
    EXPECT_EQ(seen, (std::vector{IoStatus::ok, IoStatus::refused, IoStatus::ok}));
    EXPECT_EQ(server.incarnation(), 2);
}

TEST(Process, MayCrashAndRestartItself) {
    Pair pair;
    std::string log;
    Process& process = pair.add_server([&](Process& self) {
        const Farewell farewell{log, 'x'};
        if (self.incarnation() < 3) self.restart();
        sleep_for(self.runtime(), 1s);
        log.push_back('3');
    });
    pair.run_for(10s);
    EXPECT_EQ(log, "xx3x");
    EXPECT_EQ(process.incarnation(), 3);
}

TEST(Process, APauseDelaysTimersWhileTheKernelStillBuffers) {
    Pair pair;
    WorldTime woke{};
    bool written = false;
    IoStatus connected_meanwhile{};
    Process& server = pair.add_server([&](Process& process) {
        process.tasks().spawn([&] { serve(process, echo); });
        sleep_for(process.runtime(), 1s);
        woke = pair.world.now();
    });
    pair.world.at(at_time(500ms), [&] { server.pause(); });
    pair.world.at(at_time(5s), [&] { server.resume(); });
    pair.world.add_process(pair.client_host, "client", [&](Process& process) {
        Runtime& runtime = process.runtime();
        sleep_for(runtime, 2s);
        const Connected connected = runtime.network.connect(server_endpoint, runtime.after(1s));
        connected_meanwhile = connected.status;
        written = connected.connection->write_all("hello", runtime.after(1s)).ok();
        EXPECT_EQ(read_exactly(*connected.connection, 5, runtime.after(1s)).first,
                  IoStatus::timed_out);
        EXPECT_EQ(read_exactly(*connected.connection, 5, runtime.after(10s)).second, "hello");
    });
    pair.run_for(4s);
    EXPECT_TRUE(server.paused());
    EXPECT_EQ(connected_meanwhile, IoStatus::ok);
    EXPECT_TRUE(written);
    pair.run_for(10s);
    EXPECT_EQ(woke, at_time(5s));
}

/// Pauses a server across a request's arrival and a deadline, and says what it did first.
std::string order_after_resume(std::uint64_t seed) {
    Pair pair({.seed = seed});
    std::string log;
    Process& server = pair.add_server([&](Process& process) {
        process.tasks().spawn([&] {
            sleep_for(process.runtime(), 1s);
            log.push_back('t');
        });
        serve(process, [&](Connection& connection) {
            read_exactly(connection, 1);
            log.push_back('i');
        });
    });
    pair.add_client([](Process& process, Connection& connection) {
        sleep_for(process.runtime(), 2s);
        connection.write_all("x", Deadline::never());
        sleep_for(process.runtime(), 1h);
    });
    pair.world.at(at_time(500ms), [&] { server.pause(); });
    pair.world.at(at_time(5s), [&] { server.resume(); });
    pair.run_for(10s);
    return log;
}

TEST(Process, TheSeedChoosesWhetherInputOrOverdueTimersComeFirst) {
    int input_first = 0;
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
        const std::string order = order_after_resume(seed);
        EXPECT_TRUE(order == "it" || order == "ti") << order;
        input_first += order == "it";
    }
    EXPECT_GT(input_first, 5);
    EXPECT_LT(input_first, 35);
}

TEST(Process, AClosePausedWithItsProcessIsSentAfterTheResume) {
    Pair pair;
    WorldTime ended{};
    pair.add_server([&](Process& process) {
        serve(process, [&](Connection& connection) {
            read_exactly(connection, 1);
            ended = pair.world.now();
        });
    });
    pair.add_client([&](Process& process, Connection& connection) {
        sleep_for(process.runtime(), 1s);
        process.pause();
        connection.close();
    });
    pair.run_for(5s);
    EXPECT_EQ(ended, WorldTime{});
    pair.client_host.processes().front()->resume();
    pair.run_for(5s);
    EXPECT_GT(ended, at_time(5s));
}

}  // namespace
}  // namespace conclave::sim
