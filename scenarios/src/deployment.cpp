#include "deployment.hpp"

namespace conclave::scenarios {

Deployment::Deployment(sim::World& world, const Plan& plan, Recorder& recorder, RunNotes& notes) {
    const Backend& backend = backend_of(plan);
    moments = &recorder.moments();
    call_log = recorder.calls();
    backend.deploy(world, plan, *this);
    recorder.compare_with(authority.get());
    if (plan.resource) add_resource(world, recorder);
    if (plan.deployment == "threads") add_threads(world, backend, plan, recorder, notes);
    else
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

void Deployment::add_resource(sim::World& world, Recorder& recorder) {
    const auto tokens = std::make_shared<servers::FencedTokens>();
    world.add_process(
        add_host(world, resource_host), resource_host, [tokens, &recorder](sim::Process& process) {
            servers::FencedResource(process.runtime(), resource_endpoint(), *tokens,
                                    [&recorder](const servers::FencedAccess& access) {
                                        recorder.history().accesses.push_back(
                                            {access.holder, access.object, access.token,
                                             access.write, access.accepted, recorder.now()});
                                    })
                .run();
        });
}

std::map<std::string, std::uint64_t> Deployment::calls() const {
    std::map<std::string, std::uint64_t> calls;
    for (const auto& [name, host] : hosts_)
        for (sim::Process* process : host->processes()) calls[process->name()] = process->calls();
    return calls;
}

void Deployment::boot(sim::Host& host) {
    if (!host.powered()) host.power_on();
    for (sim::Process* process : host.processes())
        if (!process->alive()) process->restart();
}

sim::Host& Deployment::home(sim::World& world, const Backend& backend, const Plan& plan,
                            const ClientPlan& client) {
    const bool backend_decides =
        plan.deployment == "hosts" || !backend.topology(plan).machine.empty();
    if (backend_decides) return backend.client_host(world, plan, client, *this);
    const auto found = hosts_.find(machine_host);
    if (found != hosts_.end()) return *found->second;
    ClientPlan machine;
    machine.name = machine_host;
    return backend.client_host(world, plan, machine, *this);
}

void Deployment::add_threads(sim::World& world, const Backend& backend, const Plan& plan,
                             Recorder& recorder, RunNotes& notes) {
    sim::Process& process = world.add_process(
        home(world, backend, plan, plan.clients.front()), "threads",
        [&plan, &recorder, &notes](sim::Process& running) {
            run_threads(running, plan, recorder, notes);
        },
        {.observer = &recorder.moments().observer_of("threads")});
    for (const ClientPlan& client : plan.clients) clients_[client.name] = &process;
}

void Deployment::add_client(sim::World& world, const Backend& backend, const Plan& plan,
                            const ClientPlan& client, Recorder& recorder, RunNotes& notes) {
    sim::ProcessOptions options;
    options.clock_rate_ppm = client.clock_rate_ppm;
    options.observer = &recorder.moments().observer_of(client.name);
    clients_[client.name] = &world.add_process(
        home(world, backend, plan, client), client.name,
        [&plan, &client, &recorder, &notes](sim::Process& process) {
            if (plan.workload == "wait_trap") return run_wait_trap(process, plan, recorder);
            if (plan.workload == "replica_read") return run_replica_read(process, plan, recorder);
            run_client(process, plan, client, recorder, notes);
        },
        options);
}

}  // namespace conclave::scenarios
