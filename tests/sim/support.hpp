#pragma once

// Two hosts with a server and a client, and the few lines of protocol that the tests speak.

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "conclave/sim/world.hpp"
#include "conclave/sync.hpp"

namespace conclave::sim {

using namespace std::chrono_literals;

constexpr std::uint16_t port = 7000;
inline const Endpoint server_endpoint{"server", port, {}};

/// Accepts until cancelled and runs `handle` on a fiber per connection.
inline void serve(Process& process, std::function<void(Connection&)> handle) {
    auto listening = process.runtime().network.listen({{}, port, {}});
    for (;;) {
        Connected accepted = listening.listener->accept(Deadline::never());
        if (accepted.status != IoStatus::ok) return;
        process.tasks().spawn(
            [handle, connection = std::move(accepted.connection)] { handle(*connection); });
    }
}

/// Sends back whatever comes, until the stream ends.
inline void echo(Connection& connection) {
    char buffer[256];
    for (;;) {
        const IoResult got = connection.read_some(buffer, Deadline::never());
        if (!got.ok()) return;
        if (!connection.write_all({buffer, got.bytes}, Deadline::never()).ok()) return;
    }
}

/// Reads exactly `count` bytes; fewer when the stream ends, breaks or `deadline` passes first.
inline std::pair<IoStatus, std::string> read_exactly(Connection& connection, std::size_t count,
                                                     Deadline deadline = Deadline::never()) {
    std::string text;
    char buffer[256];
    while (text.size() < count) {
        const std::size_t wanted = std::min(sizeof buffer, count - text.size());
        const IoResult got = connection.read_some({buffer, wanted}, deadline);
        if (!got.ok()) return {got.status, text};
        text.append(buffer, got.bytes);
    }
    return {IoStatus::ok, text};
}

/// A world with a host "server" and a host "client"; processes are added by the test.
struct Pair {
    explicit Pair(WorldOptions options = {}) : world(options) {}

    Process& add_server(std::function<void(Process&)> body, ProcessOptions options = {}) {
        return world.add_process(server_host, "server", std::move(body), options);
    }
    Process& add_echo_server() {
        return add_server([](Process& process) { serve(process, echo); });
    }
    /// `body` gets a connection to the server.
    Process& add_client(std::function<void(Process&, Connection&)> body) {
        return world.add_process(client_host, "client", [body](Process& process) {
            Connected connected =
                process.runtime().network.connect(server_endpoint, Deadline::never());
            if (connected.status == IoStatus::ok) body(process, *connected.connection);
        });
    }
    void run_for(Duration length) { world.run_until(world.now() + length); }

    World world;
    Host& server_host = world.add_host("server");
    Host& client_host = world.add_host("client");
};

}  // namespace conclave::sim
