#pragma once

// A simulated master with two replicas, and three sentinels that watch them.

#include <string>
#include <vector>

#include "conclave/servers/redis/sentinel.hpp"
#include "simulated_redis.hpp"

namespace conclave::servers::redis {

/// m, r1 and r2 with a sentinel on each of s1, s2, s3.
struct WatchedRedis : RedisWorld {
    static constexpr int sentinels = 3;

    explicit WatchedRedis(std::uint64_t seed, const SentinelOptions& common = {},
                          int priority_of_r1 = 100)
        : RedisWorld(seed) {
        add_server("m");
        add_server("r1", {.replica_of = endpoint("m"), .replica_priority = priority_of_r1});
        add_server("r2", {.replica_of = endpoint("m")});
        for (int i = 1; i <= sentinels; ++i) add_sentinel("s" + std::to_string(i), common);
    }

    void add_sentinel(const std::string& name, SentinelOptions options) {
        options.listen = sentinel(name);
        options.master = endpoint("m");
        options.down_after = 5s;
        options.failover_timeout = 30s;
        sim::Host& machine = world.add_host(name);
        sentinel_hosts.push_back(&machine);
        const auto file = std::make_shared<SentinelFile>();
        sentinel_processes.push_back(
            &world.add_process(machine, name, [options, file](sim::Process& process) {
                Sentinel(process.runtime(), options, file).run();
            }));
    }

    static Endpoint sentinel(const std::string& name) { return {name, 26379, {}}; }

    static std::string master_of(Runtime& runtime, const std::string& name) {
        TestClient client(runtime, sentinel(name));
        const resp::Reply reply =
            client.command({"SENTINEL", "get-master-addr-by-name", "mymaster"});
        return reply.elements.empty() ? reply.text : reply.elements[0].text;
    }

    std::vector<sim::Host*> sentinel_hosts;
    std::vector<sim::Process*> sentinel_processes;
};

}  // namespace conclave::servers::redis
