// A folder: of one machine whose processes share it, or of a share that every client's own machine
// mounts, where locks do not reach the other machines and the file server has a clock of its own.

#include "backend.hpp"
#include "deployment.hpp"

namespace conclave::scenarios {

namespace {

constexpr Duration default_timeout = std::chrono::seconds(10);

class File : public Backend {
public:
    const char* name() const noexcept override { return "file"; }

    Topology topology(const Plan& plan) const override {
        Topology topology;
        topology.machine = machine_host;
        topology.disk = machine_host;
        for (const ClientPlan& client : plan.clients) topology.clients.push_back(client.name);
        return topology;
    }

    // The second name of the folder is for a process that opens it twice.
    void deploy(sim::World& world, const Plan&, Deployment& deployment) const override {
        deployment.disk = &deployment.add_host(world, machine_host).disk();
        deployment.disk->link("/other", "/shared");
    }

    sim::Host& client_host(sim::World&, const Plan&, const ClientPlan&,
                           Deployment& deployment) const override {
        return deployment.host(machine_host);
    }

    Access access(const Plan& plan) const override {
        return {"file:///shared/locks", plan.driver_options};
    }
    Access second_access(const Plan& plan) const override {
        return {"file:///tmp/.././other//locks/", plan.driver_options};
    }

    // Locks do not lapse; what lapses is a membership.
    Duration lease(const Options& options) const override { return membership_timeout(options); }
    Duration membership_timeout(const Options& options) const override {
        return seconds_option(options, "membership_timeout",
                              seconds_option(options, "timeout", default_timeout));
    }
    Options tenfold(Options options) const override {
        set_seconds(options, "membership_timeout", 10 * membership_timeout(options));
        return options;
    }
};

class FileShared final : public File {
public:
    const char* name() const noexcept override { return "file-shared"; }

    Topology topology(const Plan& plan) const override {
        Topology topology = File::topology(plan);
        topology.machine.clear();
        topology.disk = "share";
        return topology;
    }

    void deploy(sim::World& world, const Plan&, Deployment& deployment) const override {
        sim::DiskOptions options;
        options.locks_across_hosts = false;
        deployment.disk = deployment.share = &world.add_share(options);
    }

    sim::Host& client_host(sim::World& world, const Plan&, const ClientPlan& client,
                           Deployment& deployment) const override {
        sim::Host& host = deployment.add_host(world, client.name, {client.wall_offset});
        host.mount("/shared", *deployment.share);
        return host;
    }

    void complete(Plan& plan) const override {
        if (!plan.driver_options.contains("shared"))
            plan.driver_options.emplace("shared", "true");
    }
};

}  // namespace

std::vector<const Backend*> file_backends() {
    static const File one_host;
    static const FileShared several_hosts;
    static const AsTooz<File> as_tooz;
    return {&one_host, &several_hosts, &as_tooz};
}

}  // namespace conclave::scenarios
