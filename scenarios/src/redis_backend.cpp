// One Redis, or a master with two replicas and three sentinels, with or without WAIT.

#include <algorithm>

#include "backend.hpp"
#include "conclave/servers/redis/sentinel.hpp"
#include "conclave/servers/redis/server.hpp"
#include "deployment.hpp"

namespace conclave::scenarios {

namespace redis = servers::redis;

namespace {

constexpr std::uint16_t redis_port = 6379;
constexpr std::uint16_t sentinel_port = 26379;
constexpr Duration default_timeout = std::chrono::seconds(30);

redis::AppendFsync append_fsync(const std::string& word) {
    if (word == "always") return redis::AppendFsync::always;
    if (word == "everysec") return redis::AppendFsync::everysec;
    if (word == "no") return redis::AppendFsync::no;
    return redis::AppendFsync::off;
}

void add_server(sim::World& world, const Plan& plan, const std::string& name,
                const std::string& master, Deployment& deployment) {
    const bool replica = name != master;
    sim::HostOptions host_options;
    if (replica) host_options.wall_offset = plan.server.replica_wall_offset;
    sim::Host& host = deployment.add_host(world, name, host_options);
    const auto disk = std::make_shared<redis::Disk>();
    host.on_power_loss([disk] { disk->lose_power(); });
    redis::ServerOptions options;
    options.host = name;
    options.port = redis_port;
    options.append_fsync = append_fsync(plan.server.appendfsync);
    options.min_replicas_to_write = static_cast<std::size_t>(plan.server.min_replicas);
    if (replica) options.replica_of = Endpoint{master, redis_port, {}};
    world.add_process(host, name, [options, disk](sim::Process& process) {
        redis::Server(process.runtime(), options, disk).run();
    });
}

void add_sentinel(sim::World& world, const Plan& plan, const std::string& name,
                  const std::string& master, Deployment& deployment) {
    sim::Host& host = deployment.add_host(world, name);
    redis::SentinelOptions options;
    options.listen = {name, sentinel_port, {}};
    options.master = {master, redis_port, {}};
    options.quorum = 2;
    options.down_after = plan.server.down_after;
    options.failover_timeout = plan.server.failover_timeout;
    world.add_process(host, name, [options](sim::Process& process) {
        redis::Sentinel(process.runtime(), options).run();
    });
}

class Redis : public Backend {
public:
    const char* name() const noexcept override { return "redis"; }

    Topology topology(const Plan& plan) const override {
        Topology topology;
        topology.servers = {"redis-1"};
        for (const ClientPlan& client : plan.clients) topology.clients.push_back(client.name);
        return topology;
    }

    void deploy(sim::World& world, const Plan& plan, Deployment& deployment) const override {
        const Topology hosts = topology(plan);
        const std::string& master = hosts.servers.front();
        for (const std::string& each : hosts.servers)
            add_server(world, plan, each, master, deployment);
        for (const std::string& each : hosts.sentinels)
            add_sentinel(world, plan, each, master, deployment);
    }

    Access access(const Plan& plan) const override {
        return {"redis://redis-1:6379", plan.driver_options};
    }

    Duration lease(const Options& options) const override {
        return seconds_option(options, "lock_timeout", default_timeout);
    }
    Duration membership_timeout(const Options& options) const override {
        return seconds_option(options, "membership_timeout",
                              seconds_option(options, "timeout", default_timeout));
    }
};

class RedisSentinel : public Redis {
public:
    const char* name() const noexcept override { return "redis-sentinel"; }

    Topology topology(const Plan& plan) const override {
        Topology topology = Redis::topology(plan);
        topology.servers = {"redis-1", "redis-2", "redis-3"};
        topology.sentinels = {"sentinel-1", "sentinel-2", "sentinel-3"};
        return topology;
    }

    Access access(const Plan& plan) const override {
        Access access{"redis://sentinel-1:26379", plan.driver_options};
        access.options.emplace("sentinel", "mymaster");
        access.options.emplace("sentinel_fallback", "sentinel-2:26379");
        access.options.emplace("sentinel_fallback", "sentinel-3:26379");
        return access;
    }
};

class RedisSentinelWait final : public RedisSentinel {
public:
    const char* name() const noexcept override { return "redis-sentinel-wait"; }

    void complete(Plan& plan) const override {
        if (!plan.driver_options.contains("wait_replicas"))
            plan.driver_options.emplace("wait_replicas", "1");
        plan.server.min_replicas = std::max(plan.server.min_replicas, 1);
    }
};

}  // namespace

std::vector<const Backend*> redis_backends() {
    static const Redis single;
    static const RedisSentinel sentinel;
    static const RedisSentinelWait wait;
    return {&single, &sentinel, &wait};
}

}  // namespace conclave::scenarios
