#include "deployment.hpp"

#include "conclave/servers/redis/sentinel.hpp"
#include "conclave/servers/redis/server.hpp"

namespace conclave::scenarios {

namespace redis = servers::redis;

namespace {

constexpr std::uint16_t redis_port = 6379;
constexpr std::uint16_t sentinel_port = 26379;

redis::AppendFsync append_fsync(const std::string& word) {
    if (word == "always") return redis::AppendFsync::always;
    if (word == "everysec") return redis::AppendFsync::everysec;
    if (word == "no") return redis::AppendFsync::no;
    return redis::AppendFsync::off;
}

}  // namespace

Deployment::Deployment(sim::World& world, const Plan& plan, Recorder& recorder, RunNotes& notes)
    : topology_(topology_of(plan)) {
    for (const std::string& name : topology_.servers) add_server(world, plan, name);
    for (const std::string& name : topology_.sentinels) add_sentinel(world, plan, name);
    for (const ClientPlan& client : plan.clients)
        add_client(world, plan, client, recorder, notes);
}

void Deployment::boot(sim::Host& host) {
    if (!host.powered()) host.power_on();
    for (sim::Process* process : host.processes())
        if (!process->alive()) process->restart();
}

void Deployment::add_server(sim::World& world, const Plan& plan, const std::string& name) {
    const bool replica = name != topology_.servers.front();
    sim::HostOptions host_options;
    if (replica) host_options.wall_offset = plan.server.replica_wall_offset;
    sim::Host& host = world.add_host(name, host_options);
    hosts_[name] = &host;
    const auto disk = std::make_shared<redis::Disk>();
    host.on_power_loss([disk] { disk->lose_power(); });
    redis::ServerOptions options;
    options.host = name;
    options.port = redis_port;
    options.append_fsync = append_fsync(plan.server.appendfsync);
    options.min_replicas_to_write = static_cast<std::size_t>(plan.server.min_replicas);
    if (replica) options.replica_of = Endpoint{topology_.servers.front(), redis_port, {}};
    world.add_process(host, name, [options, disk](sim::Process& process) {
        redis::Server(process.runtime(), options, disk).run();
    });
}

void Deployment::add_sentinel(sim::World& world, const Plan& plan, const std::string& name) {
    sim::Host& host = world.add_host(name);
    hosts_[name] = &host;
    redis::SentinelOptions options;
    options.listen = {name, sentinel_port, {}};
    options.master = {topology_.servers.front(), redis_port, {}};
    options.quorum = 2;
    options.down_after = plan.server.down_after;
    options.failover_timeout = plan.server.failover_timeout;
    world.add_process(host, name, [options](sim::Process& process) {
        redis::Sentinel(process.runtime(), options).run();
    });
}

void Deployment::add_client(sim::World& world, const Plan& plan, const ClientPlan& client,
                            Recorder& recorder, RunNotes& notes) {
    sim::Host& host = world.add_host(client.name, {client.wall_offset});
    hosts_[client.name] = &host;
    sim::ProcessOptions options;
    options.clock_rate_ppm = client.clock_rate_ppm;
    world.add_process(
        host, client.name,
        [&plan, &client, &recorder, &notes](sim::Process& process) {
            if (plan.workload == "wait_trap") return run_wait_trap(process, plan, recorder);
            if (plan.workload == "replica_read") return run_replica_read(process, plan, recorder);
            run_client(process, plan, client, recorder, notes);
        },
        options);
}

}  // namespace conclave::scenarios
