#include "deployment.hpp"

namespace conclave::scenarios {

Deployment::Deployment(sim::World& world, const Plan& plan, Recorder& recorder, RunNotes& notes) {
    const Backend& backend = backend_of(plan);
    backend.deploy(world, plan, *this);
    for (const ClientPlan& client : plan.clients)
        add_client(world, backend, plan, client, recorder, notes);
}

Deployment::Target Deployment::target(const std::string& name) const {
    if (const auto client = clients_.find(name); client != clients_.end())
        return {&client->second->host(), {client->second}};
    sim::Host* const host = hosts_.at(name);
    return {host, host->processes()};
}

sim::Host& Deployment::add_host(sim::World& world, const std::string& name,
                                sim::HostOptions options) {
    sim::Host& host = world.add_host(name, options);
    hosts_[name] = &host;
    return host;
}

void Deployment::boot(sim::Host& host) {
    if (!host.powered()) host.power_on();
    for (sim::Process* process : host.processes())
        if (!process->alive()) process->restart();
}

void Deployment::add_client(sim::World& world, const Backend& backend, const Plan& plan,
                            const ClientPlan& client, Recorder& recorder, RunNotes& notes) {
    sim::ProcessOptions options;
    options.clock_rate_ppm = client.clock_rate_ppm;
    clients_[client.name] = &world.add_process(
        backend.client_host(world, plan, client, *this), client.name,
        [&plan, &client, &recorder, &notes](sim::Process& process) {
            if (plan.workload == "wait_trap") return run_wait_trap(process, plan, recorder);
            if (plan.workload == "replica_read") return run_replica_read(process, plan, recorder);
            run_client(process, plan, client, recorder, notes);
        },
        options);
}

}  // namespace conclave::scenarios
