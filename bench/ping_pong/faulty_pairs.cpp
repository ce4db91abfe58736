#include "faulty_pairs.hpp"

#include "conclave/sync.hpp"

namespace conclave::bench {

using namespace std::chrono_literals;

namespace {
constexpr std::size_t message_bytes = 64;
constexpr std::uint16_t port = 7;
constexpr Duration patience = 1s;
constexpr Duration outage = 300ms;
constexpr std::uint64_t network_faults = 10;
constexpr std::uint64_t process_faults = 7;

bool read_message(Connection& connection, char* buffer, Deadline deadline) {
    for (std::size_t got = 0; got < message_bytes;) {
        const IoResult part = connection.read_some({buffer + got, message_bytes - got}, deadline);
        if (!part.ok()) return false;
        got += part.bytes;
    }
    return true;
}

void answer(Runtime& runtime, Connection& connection) {
    char message[message_bytes];
    for (;;) {
        const Deadline deadline = runtime.after(patience);
        if (!read_message(connection, message, deadline)) return;
        if (!connection.write_all({message, message_bytes}, deadline).ok()) return;
    }
}

void serve(sim::Process& process) {
    Runtime& runtime = process.runtime();
    const Listening listening = runtime.network.listen({{}, port, {}});
    for (;;) {
        Connected accepted = listening.listener->accept(Deadline::never());
        if (accepted.status != IoStatus::ok) return;
        process.tasks().spawn([&runtime, connection = std::move(accepted.connection)] {
            answer(runtime, *connection);
        });
    }
}

void ask(Runtime& runtime, Connection& connection) {
    char message[message_bytes] = {};
    for (;;) {
        const Deadline deadline = runtime.after(patience);
        ++message[0];
        if (!connection.write_all({message, message_bytes}, deadline).ok()) return;
        if (!read_message(connection, message, deadline)) return;
    }
}

void keep_asking(sim::Process& process, const Endpoint& server) {
    Runtime& runtime = process.runtime();
    for (;;) {
        const Connected connected = runtime.network.connect(server, runtime.after(patience));
        if (connected.status == IoStatus::ok)
            ask(runtime, *connected.connection);
        else
            sleep_for(runtime, 50ms);
    }
}
}  // namespace

FaultyPairs::FaultyPairs(int nodes, std::uint64_t seed)
    : world_({.seed = seed, .link = {.loss = 0.001, .retransmission = 20ms, .segmentation = 0.01}}),
      draw_(world_.stream("faults")) {
    for (int index = 0; index < nodes / 2; ++index) add_pair(index);
    schedule_next_fault();
}

void FaultyPairs::add_pair(int index) {
    const std::string number = std::to_string(index);
    sim::Host& server = world_.add_host("server" + number);
    sim::Host& client = world_.add_host("client" + number);
    world_.add_process(server, server.name(), serve);
    const Endpoint endpoint{server.name(), port, {}};
    world_.add_process(client, client.name(),
                       [endpoint](sim::Process& process) { keep_asking(process, endpoint); });
    pairs_.push_back({client, server});
}

std::uint64_t FaultyPairs::run_messages(std::uint64_t count) {
    const std::uint64_t begin = counters().messages_delivered;
    while (counters().messages_delivered - begin < count) world_.run_until(now() + 100ms);
    return counters().messages_delivered - begin;
}

/// About one fault a second and pair.
void FaultyPairs::schedule_next_fault() {
    const Duration pause = draw_.between(0s, 2s) / static_cast<int>(pairs_.size());
    world_.at(now() + pause, [this] {
        inject();
        schedule_next_fault();
    });
}

void FaultyPairs::inject() {
    const Pair& pair = pairs_[draw_.below(pairs_.size())];
    const std::uint64_t kind = draw_.below(network_faults + process_faults);
    if (kind < network_faults)
        inject_on_network(pair, kind);
    else
        inject_on_processes(pair, kind - network_faults);
}

void FaultyPairs::heal_later(sim::FaultId fault) {
    world_.at(now() + outage, [this, fault] { world_.network().heal(fault); });
}

void FaultyPairs::inject_on_network(const Pair& pair, std::uint64_t kind) {
    sim::SimNetwork& network = world_.network();
    const sim::SimNetwork::Hosts client{&pair.client}, server{&pair.server};
    const auto count = [this](const char* name) { ++injected_[name]; };
    switch (kind) {
        case 0: count("partition"); return heal_later(network.partition(client, server));
        case 1:
            count("one_way_partition");
            return heal_later(network.partition(client, server, sim::Direction::a_to_b));
        case 2: count("clog"); return heal_later(network.clog(client, server, 10ms));
        case 3: count("black_hole"); return heal_later(network.black_hole(client, server));
        case 4: count("refused"); return heal_later(network.refuse(pair.server));
        case 5: count("unreachable"); return heal_later(network.unreachable(pair.server));
        case 6: count("reset"); return network.reset_connections(pair.client, pair.server);
        case 7: count("half_open"); return network.half_open(pair.client, pair.server);
        case 8: count("request_lost"); return network.lose_next_request(pair.client, pair.server);
        default: count("reply_lost"); return network.lose_next_reply(pair.client, pair.server);
    }
}

void FaultyPairs::inject_on_processes(const Pair& pair, std::uint64_t kind) {
    sim::Process& process = *pair.server.processes().front();
    const auto count = [this](const char* name) { ++injected_[name]; };
    switch (kind) {
        case 0: count("crash"); return process.restart();
        case 1:
            count("pause");
            process.pause();
            return world_.at(now() + outage, [&process] { process.resume(); });
        case 2:
            count("power_loss");
            pair.server.power_loss();
            return world_.at(now() + outage, [&process] { process.restart(); });
        case 3:
            count("suspend");
            pair.server.suspend();
            return world_.at(now() + outage, [&pair] { pair.server.resume(); });
        case 4:
            count("clock_rate");
            return process.set_clock_rate_ppm(static_cast<int>(draw_.below(1000)) - 500);
        case 5: count("clock_step"); return process.step_clock(10ms);
        default: count("wall_clock_step"); return pair.server.step_wall_clock(-1s);
    }
}

}  // namespace conclave::bench
