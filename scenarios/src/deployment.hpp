#pragma once

// The hosts and processes of one run.

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "authority.hpp"
#include "backend.hpp"
#include "conclave/servers/redis/server.hpp"
#include "workload.hpp"

namespace conclave::scenarios {

class Deployment {
public:
    /// Adds everything of `plan` to `world`; `plan` and the rest outlive the world.
    Deployment(sim::World& world, const Plan& plan, Recorder& recorder, RunNotes& notes);

    /// What a fault's name stands for: a host and all of its processes, or one process of a host.
    struct Target {
        sim::Host* host;
        std::vector<sim::Process*> processes;
    };
    Target target(const std::string& name) const;
    sim::Host& host(const std::string& name) const { return *target(name).host; }
    const std::map<std::string, sim::Host*>& hosts() const noexcept { return hosts_; }

    /// For a Backend, while it deploys.
    sim::Host& add_host(sim::World& world, const std::string& name, sim::HostOptions options = {});
    sim::Disk* share = nullptr;  ///< likewise
    sim::Disk* disk = nullptr;   ///< likewise: that of Topology::disk, null when there is none
    Moments* moments = nullptr;  ///< what its processes tell goes there
    CallLog* call_log = nullptr;  ///< likewise: who ends a hold tells it; null when nobody listens
    /// By server, likewise.
    struct ServerFaults {
        std::function<void(bool full)> disk;  ///< fills its host's disk, or makes room again
        std::function<servers::redis::Server*()> running;  ///< null while it is down
    };
    std::map<std::string, ServerFaults> inside;
    /// Set by a Backend while it deploys, where one server decides.
    std::unique_ptr<Authority> authority;

    /// Environment calls so far, by process.
    std::map<std::string, std::uint64_t> calls() const;

    /// Boots a host that is off and restarts its dead processes.
    static void boot(sim::Host& host);

private:
    sim::Host& home(sim::World& world, const Backend& backend, const Plan& plan,
                    const ClientPlan& client);
    void add_threads(sim::World& world, const Backend& backend, const Plan& plan,
                     Recorder& recorder, RunNotes& notes);
    void add_client(sim::World& world, const Backend& backend, const Plan& plan,
                    const ClientPlan& client, Recorder& recorder, RunNotes& notes);

    void add_resource(sim::World& world, Recorder& recorder);

    std::map<std::string, sim::Host*> hosts_;
    std::map<std::string, sim::Process*> clients_;
};

}  // namespace conclave::scenarios
