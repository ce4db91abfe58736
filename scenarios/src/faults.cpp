#include "faults.hpp"

#include <algorithm>

#include "backend.hpp"

namespace conclave::scenarios {

using sim::Direction;
using sim::Host;
using sim::Process;
using sim::World;

namespace {

void resume(Process& process, Recorder& recorder) {
    if (!process.paused()) return;
    if (CallLog* const calls = recorder.calls()) calls->resumed(process.name());
    process.resume();
}

/// One fault being carried out.
class Injection {
public:
    Injection(World& world, Deployment& deployment, const Fault& fault, Recorder& recorder)
        : world_(world), deployment_(deployment), fault_(fault), recorder_(recorder) {}

    /// Begins it, and sees to its end after its length. False when there was nothing that it could
    /// disturb: a process that is dead or stands still already, no connection that it could break.
    bool begin() {
        sim::SimNetwork& network = world_.network();
        if (fault_.action == FaultAction::disk_hang) return hang_disk();
        const sim::SimNetwork::Hosts a = hosts(fault_.a), b = hosts(fault_.b);
        switch (fault_.action) {
            case FaultAction::partition:
                recorder_.cut_off(fault_.a, fault_.b);
                return part(network.partition(a, b));
            case FaultAction::partial: return part(network.partition(a, b));
            case FaultAction::one_way: return stand(network.partition(a, b, Direction::a_to_b));
            case FaultAction::ring: return cut_ring(a);
            case FaultAction::disk_full:
            case FaultAction::slow_command:
            case FaultAction::too_many_connections:
                return begin_inside(deployment_.inside.at(fault_.a.front()));
            case FaultAction::slow_reader: return stand(network.stop_reading(*a.front()));
            case FaultAction::clog: return stand(network.clog(a, b, Duration(fault_.amount)));
            case FaultAction::black_hole:
                return connected(a, b) && stand(network.black_hole(a, b));
            case FaultAction::refuse: return stand(network.refuse(*a.front()));
            case FaultAction::request_lost:
                network.lose_next_request(*a.front(), *b.front());
                return true;
            case FaultAction::reply_lost:
                network.lose_next_reply(*a.front(), *b.front());
                return true;
            case FaultAction::reset:
            case FaultAction::half_open: return connected(a, b) && break_connections(*a[0], *b[0]);
            default: return begin_on(deployment_.target(fault_.a.front()));
        }
    }

private:
    sim::SimNetwork::Hosts hosts(const std::vector<std::string>& names) {
        sim::SimNetwork::Hosts found;
        for (const std::string& name : names) found.push_back(&deployment_.host(name));
        return found;
    }

    bool stand(sim::FaultId id) {
        World& world = world_;
        world.at(world.now() + fault_.length, [&world, id] { world.network().heal(id); });
        return true;
    }

    bool connected(const sim::SimNetwork::Hosts& a, const sim::SimNetwork::Hosts& b) {
        for (Host* from : a)
            for (Host* to : b)
                if (from != to && world_.network().connections_between(*from, *to) > 0) return true;
        return false;
    }

    bool break_connections(Host& a, Host& b) {
        if (fault_.action == FaultAction::reset) world_.network().reset_connections(a, b);
        else world_.network().half_open(a, b);
        return true;
    }

    bool part(sim::FaultId id) {
        stand(id);
        CallLog* const calls = recorder_.calls();
        if (calls)
            later([calls, number = calls->partitioned(fault_.a, fault_.b)] {
                calls->healed(number);
            });
        return true;
    }

    /// Each host goes on reaching as many neighbours on both sides as make a majority with it, so
    /// no two see the same one.
    bool cut_ring(const sim::SimNetwork::Hosts& ring) {
        const std::size_t size = ring.size();
        const std::size_t reach = (size / 2 + 1) / 2;
        for (std::size_t from = 0; from < size; ++from) {
            sim::SimNetwork::Hosts far;
            for (std::size_t to = from + reach + 1; to < std::min(size, from + size - reach); ++to)
                far.push_back(ring[to]);
            if (!far.empty()) stand(world_.network().partition({ring[from]}, far));
        }
        return true;
    }

    bool begin_on(const Deployment::Target& target) {
        Host& host = *target.host;
        switch (fault_.action) {
            case FaultAction::crash: return crash(target);
            case FaultAction::power_loss: return lose_power(host);
            case FaultAction::pause: return pause(target);
            case FaultAction::suspend: return suspend(host, sim::Suspension::sleep);
            case FaultAction::vm_restore: return suspend(host, sim::Suspension::vm_snapshot);
            case FaultAction::wall_step:
                host.step_wall_clock(Duration(fault_.amount));
                return true;
            case FaultAction::clock_rate:
                for (Process* process : target.processes)
                    process->set_clock_rate_ppm(static_cast<int>(fault_.amount));
                return !target.processes.empty();
            case FaultAction::clock_step:
                for (Process* process : target.processes)
                    process->step_clock(Duration(fault_.amount));
                return !target.processes.empty();
            default: return false;
        }
    }

    void later(std::function<void()> action) {
        world_.at(world_.now() + fault_.length, std::move(action));
    }

    bool crash(const Deployment::Target& target) {
        bool met = false;
        for (Process* process : target.processes) {
            if (!process->alive()) continue;
            met = true;
            recorder_.died(*process);
            process->crash();
            later([process] {
                if (!process->alive()) process->restart();
            });
        }
        return met;
    }

    bool lose_power(Host& host) {
        if (!host.powered()) return false;
        for (Process* process : host.processes())
            if (process->alive()) recorder_.died(*process);
        host.power_loss();
        later([&host] { Deployment::boot(host); });
        return true;
    }

    bool begin_inside(const Deployment::ServerFaults& server) {
        if (fault_.action == FaultAction::disk_full) {
            server.disk(true);
            later([&server] { server.disk(false); });
            return true;
        }
        servers::redis::Server* const running = server.running();
        if (!running) return false;
        if (fault_.action == FaultAction::slow_command) running->occupy(fault_.length);
        else running->crowd(fault_.length);
        return true;
    }

    bool hang_disk() {
        sim::Disk& disk = *deployment_.disk;
        disk.hang();
        later([&disk] { disk.answer(); });
        return true;
    }

    bool pause(const Deployment::Target& target) {
        bool met = false;
        for (Process* process : target.processes) {
            if (!process->alive() || process->paused()) continue;
            met = true;
            recorder_.stopped(*process);
            if (CallLog* const calls = recorder_.calls()) calls->paused(process->name());
            process->pause();
            later([process, &recorder = recorder_] { resume(*process, recorder); });
        }
        return met;
    }

    bool suspend(Host& host, sim::Suspension suspension) {
        if (!host.powered() || host.suspended()) return false;
        for (Process* process : host.processes()) recorder_.stopped(*process);
        host.suspend(suspension);
        later([&host] {
            if (host.suspended()) host.resume();
        });
        return true;
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
        case FaultAction::suspend:
        case FaultAction::partial:
        case FaultAction::ring:
        case FaultAction::slow_reader:
        case FaultAction::slow_command:
        case FaultAction::vm_restore: return true;
        default: return false;
    }
}

}  // namespace

void FaultRun::schedule() {
    begin_ns_.assign(plan_.faults.size(), properties::never_ns);
    for (std::size_t i = 0; i < plan_.faults.size(); ++i) {
        const Fault& fault = plan_.faults[i];
        if (fault.call != 0)
            caller(fault).at_call(fault.call,
                                  fault.after_call ? sim::CallPoint::after : sim::CallPoint::before,
                                  [this, i] { begin(i); });
        else if (!fault.after.empty())
            recorder_.moments().when(parse_anchor(fault.after), [this, i] {
                world_.at(world_.now() + plan_.faults[i].at, [this, i] { begin(i); });
            });
        else
            world_.at(sim::at_time(fault.at), [this, i] { begin(i); });
    }
}

sim::Process& FaultRun::caller(const Fault& fault) {
    const std::vector<sim::Process*> processes = deployment_.target(fault.a.front()).processes;
    if (processes.size() != 1)
        throw FileError(plan_.scenario + ": a fault at a call needs one process, and '" +
                        fault.a.front() + "' is " + std::to_string(processes.size()));
    return *processes.front();
}

void FaultRun::begin(std::size_t index) {
    const Fault& fault = plan_.faults[index];
    // A moment may come late; the second phase has no faults.
    if (!fault.by_time() && world_.now() > sim::at_time(plan_.duration)) return;
    const std::int64_t begin_ns = recorder_.now();
    if (!Injection(world_, deployment_, fault, recorder_).begin()) return;
    begin_ns_[index] = begin_ns;
    if (!holds_messages_back(fault.action)) return;
    world_.at(world_.now() + fault.length,
              [&recorder = recorder_, begin_ns] { recorder.fault_over(begin_ns); });
}

std::uint64_t FaultRun::applied() const {
    std::uint64_t count = 0;
    for (std::size_t i = 0; i < begin_ns_.size(); ++i) {
        const FaultAction action = plan_.faults[i].action;
        // These only wait for something that they can take.
        const bool armed = action == FaultAction::request_lost || action == FaultAction::reply_lost;
        count += !armed && begin_ns_[i] != properties::never_ns ? 1 : 0;
    }
    const sim::NetworkCounters& counters = world_.network().counters();
    return count + counters.requests_lost + counters.replies_lost;
}

void heal_everything(World& world, Deployment& deployment, Recorder& recorder) {
    world.network().heal_all();
    if (CallLog* const calls = recorder.calls()) calls->all_healed();
    for (const auto& [name, server] : deployment.inside) {
        server.disk(false);
        if (servers::redis::Server* const running = server.running()) running->leave_alone();
    }
    if (deployment.disk) deployment.disk->answer_all();
    for (const auto& [name, host] : deployment.hosts()) {
        if (host->suspended()) host->resume();
        Deployment::boot(*host);
        for (Process* process : host->processes()) resume(*process, recorder);
    }
}

}  // namespace conclave::scenarios
