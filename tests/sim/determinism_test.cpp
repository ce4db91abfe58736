// The same seed gives the same run, the check names what differs, and streams are independent.

#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <sstream>

#include "support.hpp"

namespace conclave::sim {
namespace {

/// Clients that talk to a server while faults of every kind fall, drawn from the world's seed.
class BusyWorld {
public:
    explicit BusyWorld(WorldOptions options) : world_(options), faults_(world_.stream("faults")) {
        world_.add_process(server_, "server", [](Process& process) { serve(process, echo); });
        for (int index = 0; index < 4; ++index) {
            Host& host = world_.add_host("client" + std::to_string(index));
            clients_.push_back(&world_.add_process(host, host.name(), client));
        }
        for (int round = 1; round < 40; ++round)
            world_.at(at_time(round * 250ms), [this] { inject(); });
    }
    World& run() {
        world_.run_until(at_time(20s));
        return world_;
    }
    /// The client does something that no seed decides, at `time`.
    void plant(WorldTime time, std::function<void(Process&)> action) {
        world_.at(time, [this, action] { action(*clients_.front()); });
    }

private:
    static void client(Process& process) {
        Runtime& runtime = process.runtime();
        for (;;) {
            Connected connected = runtime.network.connect(server_endpoint, runtime.after(500ms));
            while (connected.status == IoStatus::ok) {
                char message[16];
                const std::uint64_t bits = runtime.random.next();
                std::memcpy(message, &bits, sizeof bits);
                Connection& connection = *connected.connection;
                if (!connection.write_all({message, 8}, runtime.after(500ms)).ok()) break;
                if (read_exactly(connection, 8, runtime.after(500ms)).first != IoStatus::ok) break;
                sleep_for(runtime, 20ms);
            }
            sleep_for(runtime, 50ms);
        }
    }
    void inject() {
        Process& process = *clients_[faults_.below(clients_.size())];
        SimNetwork& network = world_.network();
        switch (faults_.below(8)) {
            case 0: network.partition({&process.host()}, {&server_}); break;
            case 1: network.clog({&process.host()}, {&server_}, 100ms); break;
            case 2: network.reset_connections(process.host(), server_); break;
            case 3: network.lose_next_reply(process.host(), server_); break;
            case 4: process.restart(); break;
            case 5: process.pause(); break;
            case 6: process.host().power_loss(); process.restart(); break;
            default:
                network.heal_all();
                for (Process* paused : clients_) paused->resume();
        }
    }

    World world_;
    Stream faults_;
    Host& server_ = world_.add_host("server");
    std::vector<Process*> clients_;
};

WorldOptions busy_options(std::uint64_t seed) {
    return {.seed = seed,
            .link = {.loss = 0.05, .segmentation = 0.2},
            .keep_trace = true,
            .priority_scheduling = seed % 2 == 1};
}

TEST(Determinism, ASeedGivesTheSameTraceTwice) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const auto divergence =
            check_determinism([&] { return BusyWorld(busy_options(seed)).run().trace(); });
        EXPECT_FALSE(divergence) << "seed " << seed << ": " << *divergence;
    }
}

TEST(Determinism, DifferentSeedsGiveDifferentTraces) {
    EXPECT_NE(BusyWorld(busy_options(2)).run().trace_hash(),
              BusyWorld(busy_options(4)).run().trace_hash());
}

TEST(Determinism, KeepingTheTraceDoesNotChangeTheRun) {
    WorldOptions options = busy_options(6);
    const std::uint64_t kept = BusyWorld(options).run().trace_hash();
    options.keep_trace = false;
    EXPECT_EQ(BusyWorld(options).run().trace_hash(), kept);
}

TEST(Determinism, NamesTheFirstEventThatDiffers) {
    int run = 0;
    const auto divergence = check_determinism([&] {
        BusyWorld busy(busy_options(8));
        ++run;
        busy.plant(at_time(7s), [run](Process& process) {
            process.runtime().observer.event(
                {Event::Severity::info, "client", "planted", run == 1 ? "one" : "two"});
        });
        return busy.run().trace();
    });
    ASSERT_TRUE(divergence);
    std::ostringstream text;
    text << *divergence;
    EXPECT_NE(text.str().find("7.000000000s  process client0: info: client planted: one"),
              std::string::npos)
        << text.str();
    EXPECT_NE(text.str().find("client planted: two"), std::string::npos) << text.str();
}

TEST(Determinism, NamesAPayloadThatNoSeedDecided) {
    int run = 0;
    const auto divergence = check_determinism([&] {
        Pair pair({.keep_trace = true});
        pair.add_echo_server();
        const std::string payload = "run " + std::to_string(++run);
        pair.add_client([payload](Process&, Connection& connection) {
            connection.write_all(payload, Deadline::never());
        });
        pair.run_for(1s);
        return pair.world.trace();
    });
    ASSERT_TRUE(divergence);
    EXPECT_NE(divergence->first.find("process client: writes 5 bytes"), std::string::npos)
        << divergence->first;
}

/// When each of two clients on links of their own got its answers.
std::map<std::string, std::vector<WorldTime>> answer_times(bool clogged) {
    World world({.seed = 5, .link = {.loss = 0.1}});
    std::map<std::string, std::vector<WorldTime>> times;
    for (const char* name : {"left", "right"}) {
        Host& server = world.add_host(std::string("server of ") + name);
        world.add_process(server, server.name(), [](Process& process) { serve(process, echo); });
        Host& host = world.add_host(name);
        world.add_process(host, name, [&](Process& process) {
            Runtime& runtime = process.runtime();
            const Connected connected = runtime.network.connect(
                {"server of " + process.name(), port, {}}, Deadline::never());
            for (int message = 0; message < 20; ++message) {
                connected.connection->write_all("x", Deadline::never());
                read_exactly(*connected.connection, 1);
                times[process.name()].push_back(world.now());
            }
        });
        if (clogged && host.name() == "left") world.network().clog({&host}, {&server}, 77ms);
    }
    world.run_until(at_time(1h));
    return times;
}

TEST(Streams, AFaultOnOneLinkDoesNotShiftTheDrawsOfAnother) {
    const auto with = answer_times(true);
    const auto without = answer_times(false);
    EXPECT_NE(with.at("left"), without.at("left"));
    EXPECT_EQ(with.at("right"), without.at("right"));
}

TEST(Streams, AnotherProcessDoesNotShiftTheRandomNumbersOfOne) {
    const auto first_number = [](bool with_another) {
        Pair pair({.seed = 9});
        std::uint64_t number = 0;
        if (with_another)
            pair.world.add_process(pair.server_host, "another",
                                   [](Process& process) { process.runtime().random.next(); });
        pair.add_server([&](Process& process) { number = process.runtime().random.next(); });
        pair.run_for(1s);
        return number;
    };
    EXPECT_EQ(first_number(false), first_number(true));
}

}  // namespace
}  // namespace conclave::sim
