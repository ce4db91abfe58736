#pragma once

// Redis servers in a simulated world, and clients that talk to them in straight lines.

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "conclave/codec/resp.hpp"
#include "conclave/servers/redis/server.hpp"
#include "conclave/sim/world.hpp"
#include "conclave/sync.hpp"

namespace conclave::servers::redis {

using namespace std::chrono_literals;

constexpr sim::WorldTime at_seconds(double seconds) {
    return {static_cast<std::int64_t>(seconds * 1e9)};
}

/// One connection to a server.
class TestClient {
public:
    TestClient(Runtime& runtime, Endpoint endpoint);
    /// The reply; an error whose text is "closed" when the connection is gone.
    resp::Reply command(const std::vector<std::string>& words);
    /// Any bytes, and then whatever comes back until the server closes.
    std::string raw(std::string_view bytes);
    void send(const std::vector<std::string>& words);
    resp::Reply receive();

private:
    Runtime& runtime_;
    std::unique_ptr<Connection> connection_;
    resp::Reader reader_;
};

/// A world whose hosts carry a server each, all on port 6379.
class RedisWorld {
public:
    explicit RedisWorld(std::uint64_t seed = 1);

    /// A power loss leaves `torn` bytes of what was not synced.
    sim::Process& add_server(const std::string& host, ServerOptions options = {},
                             std::size_t torn = 0);
    /// Runs `body` as a client process on a host of its own, at `start`.
    void add_client(double start_seconds, std::function<void(Runtime&)> body);
    void run(double seconds) { world.run_until(at_seconds(seconds)); }
    sim::Host& host(const std::string& name) { return *hosts_.at(name); }
    sim::Process& server(const std::string& name) { return *servers_.at(name); }
    /// Of its present incarnation.
    Server& running(const std::string& name) { return *running_.at(name); }
    Disk& disk(const std::string& name) { return *disks_.at(name); }
    /// What the servers told their observers, in order: "redis.full_resync replica".
    const std::vector<std::string>& reported() const noexcept { return observer_.lines; }
    static Endpoint endpoint(const std::string& host) { return {host, 6379, {}}; }

private:
    struct Lines final : Observer {
        void event(const Event& event) noexcept override {
            lines.push_back(std::string(event.name) + " " + std::string(event.detail));
        }
        std::vector<std::string> lines;
    };
    Lines observer_;  // outlives the world

public:
    sim::World world;

private:
    std::map<std::string, sim::Host*> hosts_;
    std::map<std::string, sim::Process*> servers_;
    std::map<std::string, std::shared_ptr<Disk>> disks_;
    std::map<std::string, Server*> running_;
    int clients_ = 0;
};

}  // namespace conclave::servers::redis
