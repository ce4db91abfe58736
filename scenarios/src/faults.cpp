#include "faults.hpp"

#include <algorithm>

#include "backend.hpp"

namespace conclave::scenarios {

using sim::Direction;
using sim::Host;
using sim::Process;
using sim::World;

namespace {

/// One fault being carried out: begin() and, after its length, end().
class Injection {
public:
    Injection(World& world, Deployment& deployment, const Fault& fault, Recorder& recorder)
        : world_(world), deployment_(deployment), fault_(fault), recorder_(recorder) {}

    void begin() {
        sim::SimNetwork& network = world_.network();
        const sim::SimNetwork::Hosts a = hosts(fault_.a), b = hosts(fault_.b);
        switch (fault_.action) {
            case FaultAction::partition: return stand(network.partition(a, b));
            case FaultAction::one_way:
                return stand(network.partition(a, b, Direction::a_to_b));
            case FaultAction::clog: return stand(network.clog(a, b, Duration(fault_.amount)));
            case FaultAction::black_hole: return stand(network.black_hole(a, b));
            case FaultAction::refuse: return stand(network.refuse(*a.front()));
            case FaultAction::reset: return network.reset_connections(*a.front(), *b.front());
            case FaultAction::half_open: return network.half_open(*a.front(), *b.front());
            case FaultAction::request_lost:
                return network.lose_next_request(*a.front(), *b.front());
            case FaultAction::reply_lost: return network.lose_next_reply(*a.front(), *b.front());
            default: return begin_on(deployment_.target(fault_.a.front()));
        }
    }

private:
    sim::SimNetwork::Hosts hosts(const std::vector<std::string>& names) {
        sim::SimNetwork::Hosts found;
        for (const std::string& name : names) found.push_back(&deployment_.host(name));
        return found;
    }

    void stand(sim::FaultId id) {
        World& world = world_;
        world.at(world.now() + fault_.length, [&world, id] { world.network().heal(id); });
    }

    void begin_on(const Deployment::Target& target) {
        Host& host = *target.host;
        switch (fault_.action) {
            case FaultAction::crash: return crash(target);
            case FaultAction::power_loss: return lose_power(host);
            case FaultAction::pause: return pause(target);
            case FaultAction::suspend: return suspend(host);
            case FaultAction::wall_step: return host.step_wall_clock(Duration(fault_.amount));
            case FaultAction::clock_rate:
                for (Process* process : target.processes)
                    process->set_clock_rate_ppm(static_cast<int>(fault_.amount));
                return;
            default: return;
        }
    }

    void later(std::function<void()> action) {
        world_.at(world_.now() + fault_.length, std::move(action));
    }

    void crash(const Deployment::Target& target) {
        for (Process* process : target.processes) {
            if (!process->alive()) continue;
            recorder_.died(*process);
            process->crash();
            later([process] {
                if (!process->alive()) process->restart();
            });
        }
    }

    void lose_power(Host& host) {
        if (!host.powered()) return;
        for (Process* process : host.processes())
            if (process->alive()) recorder_.died(*process);
        host.power_loss();
        later([&host] { Deployment::boot(host); });
    }

    void pause(const Deployment::Target& target) {
        for (Process* process : target.processes) {
            if (!process->alive() || process->paused()) continue;
            process->pause();
            later([process] {
                if (process->paused()) process->resume();
            });
        }
    }

    void suspend(Host& host) {
        if (!host.powered() || host.suspended()) return;
        host.suspend();
        later([&host] {
            if (host.suspended()) host.resume();
        });
    }

    World& world_;
    Deployment& deployment_;
    const Fault& fault_;
    Recorder& recorder_;
};

/// Whether what was sent before or during the fault is delivered after it.
bool holds_messages_back(FaultAction action) {
    switch (action) {
        case FaultAction::partition:
        case FaultAction::one_way:
        case FaultAction::clog:
        case FaultAction::black_hole:
        case FaultAction::pause:
        case FaultAction::suspend: return true;
        default: return false;
    }
}

}  // namespace

void schedule_faults(World& world, Deployment& deployment, const Plan& plan, Recorder& recorder,
                     std::uint64_t& injected) {
    for (const Fault& fault : plan.faults)
        world.at(sim::at_time(fault.at), [&world, &deployment, &fault, &recorder, &injected] {
            ++injected;
            Injection(world, deployment, fault, recorder).begin();
            if (!holds_messages_back(fault.action)) return;
            const std::int64_t begin_ns = recorder.now();
            world.at(world.now() + fault.length,
                     [&recorder, begin_ns] { recorder.fault_over(begin_ns); });
        });
}

void heal_everything(World& world, Deployment& deployment) {
    world.network().heal_all();
    for (const auto& [name, host] : deployment.hosts()) {
        if (host->suspended()) host->resume();
        Deployment::boot(*host);
        for (Process* process : host->processes())
            if (process->paused()) process->resume();
    }
}

void check_targets(const Plan& plan) {
    const std::vector<std::string> known = backend_of(plan).topology(plan).all();
    const auto check = [&](const std::string& name) {
        if (std::find(known.begin(), known.end(), name) == known.end())
            throw FileError(plan.scenario + ": a fault names host '" + name +
                            "', which configuration '" + plan.driver + "' does not have");
    };
    for (const Fault& fault : plan.faults) {
        const std::string action(to_string(fault.action));
        for (const std::string& name : fault.a) check(name);
        for (const std::string& name : fault.b) check(name);
        const bool two_sided = fault.action <= FaultAction::reply_lost &&
                               fault.action != FaultAction::refuse;
        if (fault.a.empty() || (two_sided && fault.b.empty()))
            throw FileError(plan.scenario + ": fault '" + action + "' at " + to_text(fault.at) +
                            " needs hosts in 'a'" + (two_sided ? " and 'b'" : ""));
    }
}

}  // namespace conclave::scenarios
