#pragma once

// Servers of a simulated network that answer what a test tells them to, and a client process whose
// body is the test. For what no real server would answer; the contract suite has the rest.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "conclave/codec/resp.hpp"
#include "conclave/sim/host.hpp"
#include "conclave/sim/process.hpp"
#include "conclave/sim/sim_network.hpp"
#include "conclave/sim/world.hpp"

namespace conclave::testing {

using Words = std::vector<std::string>;

/// What a server does about one command.
struct Reaction {
    std::string bytes;   ///< sent as they are
    bool close = false;  ///< then the connection is closed
};
inline Reaction answer(const resp::Reply& reply) {
    Reaction reaction;
    resp::append_reply(reaction.bytes, reply);
    return reaction;
}
using Behaviour = std::function<Reaction(const Words&)>;

class ScriptedRedis {
public:
    /// A server at host `name`, port 6379.
    void add_server(const std::string& name, Behaviour behave);
    /// Runs `body` as a client process until it returns; at most for a simulated minute.
    void run(const std::function<void(Runtime&)>& body);

    /// Every command that reached `server`, joined by spaces.
    const std::vector<std::string>& commands(const std::string& server) {
        return find(server).commands;
    }
    int connections(const std::string& server) { return find(server).connections; }
    sim::World& world() noexcept { return world_; }
    sim::Host& host(const std::string& server) { return *find(server).host; }
    sim::Host& client_host() noexcept { return client_host_; }

private:
    struct Server {
        std::string name;
        Behaviour behave;
        sim::Host* host = nullptr;
        std::vector<std::string> commands;
        int connections = 0;
    };

    Server& find(const std::string& name);
    static void serve(sim::Process& process, Server& server);
    static void converse(Connection& connection, Server& server);

    std::vector<std::unique_ptr<Server>> servers_;
    sim::World world_;
    int runs_ = 0;
    sim::Host& client_host_ = world_.add_host("client");
};

}  // namespace conclave::testing
