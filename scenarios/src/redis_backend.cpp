// One Redis, or a master with two replicas and three sentinels, with or without WAIT.

#include <algorithm>

#include "backend.hpp"
#include "conclave/servers/redis/sentinel.hpp"
#include "conclave/servers/redis/server.hpp"
#include "conclave/sim/stream.hpp"
#include "deployment.hpp"
#include "redis_commits.hpp"

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

redis::EvictionPolicy eviction_policy(const std::string& word) {
    if (word == "allkeys-lru") return redis::EvictionPolicy::allkeys_lru;
    if (word == "volatile-lru") return redis::EvictionPolicy::volatile_lru;
    return redis::EvictionPolicy::noeviction;
}

/// The one server of a configuration that has no other.
class OneServer final : public Authority {
public:
    explicit OneServer(const sim::World& world) : world_(world) {}

    std::optional<Grant> grant(const std::string& object, bool leadership) const override {
        if (!seat->server || !seat->server->is_loaded()) return std::nullopt;
        const std::string name = leadership ? "leader_of_" + object : object;
        const auto found = seat->server->peek(key_of_lock(name));
        const std::int64_t now = world_.now().nanoseconds;
        if (!found) return Grant{{}, now};
        return Grant{found->text, found->time_to_live ? now + found->time_to_live->count()
                                                      : properties::never_ns};
    }

    const std::vector<properties::Ask>& asks() const override { return seat->asks; }

    /// The running server, null while it is down, and who asked it.
    struct Seat {
        redis::Server* server = nullptr;
        std::vector<properties::Ask> asks = {};
        void note(std::span<const std::string_view> command, std::int64_t now_ns);
    };
    const std::shared_ptr<Seat> seat = std::make_shared<Seat>();

private:
    const sim::World& world_;
};

// A script of somebody who does not hold the lock that it names: EVALSHA, digest, number of keys, the
// lock's key, further keys, the owner.
void OneServer::Seat::note(std::span<const std::string_view> command, std::int64_t now_ns) {
    constexpr std::size_t keys_at = 3;
    if (!server || command.size() <= keys_at || !command.front().starts_with("EVAL")) return;
    const std::string_view key = command[keys_at];
    const std::optional<std::string_view> object = lock_of(key);
    if (!object) return;
    const std::size_t owner_at = keys_at + std::stoul(std::string(command[keys_at - 1]));
    if (owner_at >= command.size()) return;
    const auto holder = server->peek(key);
    if (holder && holder->text == command[owner_at]) return;
    asks.push_back({std::string(*object), std::string(command[owner_at]), now_ns});
}

using Seat = std::shared_ptr<OneServer::Seat>;

void run_server(sim::Process& process, const redis::ServerOptions& options,
                const std::shared_ptr<redis::Disk>& disk, const Seat& seat) {
    redis::Server server(process.runtime(), options, disk);
    struct Leave {
        OneServer::Seat& seat;
        ~Leave() { seat.server = nullptr; }
    } leave{*seat};
    seat->server = &server;
    server.run();
}

/// What is to be known of a server's commands; null when nothing is.
using OnCommand = decltype(redis::ServerOptions::on_command);

OnCommand on_command(sim::World& world, const Plan& plan, const std::string& name,
                     const Seat& seat, Moments& moments) {
    if (plan.workload == "herd")
        return [seat, &world](std::span<const std::string_view> command) {
            seat->note(command, world.now().nanoseconds);
        };
    if (plan.driver == "redis") return {};
    return [seat, name, &moments](std::span<const std::string_view> command) {
        const std::string& newest = moments.last_of("redis.promoted");
        const bool deposed = !newest.empty() && newest != name && seat->server->is_master();
        if (deposed && command.front().starts_with("EVAL"))
            moments.happened(name, "deposed_master_answered");
    };
}

void add_server(sim::World& world, const Plan& plan, const std::string& name,
                const std::string& master, const Seat& seat, Deployment& deployment) {
    const bool replica = name != master;
    sim::HostOptions host_options;
    if (replica) host_options.wall_offset = plan.server.replica_wall_offset;
    sim::Host& host = deployment.add_host(world, name, host_options);
    const auto disk = std::make_shared<redis::Disk>();
    // How much of an unsynced write had reached the disk is the seed's choice.
    const auto torn =
        std::make_shared<sim::Stream>(sim::Stream(plan.seed).split("torn").split(name));
    host.on_power_loss([disk, torn] { disk->lose_power(torn->below(disk->unsynced() + 1)); });
    redis::ServerOptions options;
    options.host = name;
    options.port = redis_port;
    options.append_fsync = append_fsync(plan.server.appendfsync);
    options.min_replicas_to_write = static_cast<std::size_t>(plan.server.min_replicas);
    options.keys_max = static_cast<std::size_t>(plan.server.keys_max);
    options.eviction = eviction_policy(plan.server.eviction);
    if (replica) options.replica_of = Endpoint{master, redis_port, {}};
    options.on_command = on_command(world, plan, name, seat, *deployment.moments);
    // Where there are more, one may expire what another still has.
    if (deployment.call_log && plan.driver.find("sentinel") == std::string::npos) {
        const auto commits = std::make_shared<RedisCommits>(*deployment.call_log);
        options.on_changed = [commits](std::span<const std::string_view> words) {
            commits->changed(words);
        };
        options.on_expired = [commits](std::string_view key, std::string_view text) {
            commits->expired(key, text);
        };
    }
    const auto ended = std::make_shared<bool>(false);
    sim::Process& process = world.add_process(
        host, name,
        [options, disk, seat, ended](sim::Process& running) {
            *ended = false;
            run_server(running, options, disk, seat);
            *ended = true;
        },
        {.observer = &deployment.moments->observer_of(name)});
    // A server that a full disk has ended is started again with room.
    Deployment::ServerFaults& inside = deployment.inside[name];
    inside.disk = [disk, ended, &process](bool full) {
        disk->full = full;
        if (!full && *ended && process.alive()) process.restart();
    };
    inside.running = [seat] { return seat->server; };
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
    const auto file = std::make_shared<redis::SentinelFile>();
    world.add_process(
        host, name,
        [options, file](sim::Process& process) {
            redis::Sentinel(process.runtime(), options, file).run();
        },
        {.observer = &deployment.moments->observer_of(name)});
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
        for (const std::string& each : hosts.servers) {
            auto server = std::make_unique<OneServer>(world);
            add_server(world, plan, each, master, server->seat, deployment);
            if (hosts.servers.size() == 1) deployment.authority = std::move(server);
        }
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
    Options tenfold(Options options) const override {
        const Duration locks = 10 * lease(options), members = 10 * membership_timeout(options);
        set_seconds(options, "lock_timeout", locks);
        set_seconds(options, "membership_timeout", members);
        return options;
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
    static const AsTooz<Redis> single_as_tooz;
    static const AsTooz<RedisSentinel> sentinel_as_tooz;
    return {&single, &sentinel, &wait, &single_as_tooz, &sentinel_as_tooz};
}

}  // namespace conclave::scenarios
