#pragma once

// The hosts and processes of one run.

#include <map>
#include <string>
#include <vector>

#include "conclave/scenarios/plan.hpp"
#include "conclave/sim/world.hpp"
#include "topology.hpp"
#include "workload.hpp"

namespace conclave::scenarios {

class Deployment {
public:
    /// Adds everything of `plan` to `world`; `plan` and the rest outlive the world.
    Deployment(sim::World& world, const Plan& plan, Recorder& recorder, RunNotes& notes);

    sim::Host& host(const std::string& name) { return *hosts_.at(name); }
    const std::map<std::string, sim::Host*>& hosts() const noexcept { return hosts_; }

    /// Boots a host that is off and restarts its dead processes.
    static void boot(sim::Host& host);

private:
    void add_server(sim::World& world, const Plan& plan, const std::string& name);
    void add_sentinel(sim::World& world, const Plan& plan, const std::string& name);
    void add_client(sim::World& world, const Plan& plan, const ClientPlan& client,
                    Recorder& recorder, RunNotes& notes);

    Topology topology_;
    std::map<std::string, sim::Host*> hosts_;
};

}  // namespace conclave::scenarios
