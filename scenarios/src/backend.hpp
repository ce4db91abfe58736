#pragma once

// What differs between the backends of driver configurations: the hosts, how clients reach them, and
// what their options default to. One object for each configuration; they hold no state.

#include <string>
#include <vector>

#include "conclave/scenarios/plan.hpp"
#include "conclave/sim/world.hpp"
#include "tooz/tooz_drivers.hpp"

namespace conclave::scenarios {

/// The names that a Plan's faults may use.
struct Topology {
    std::vector<std::string> servers;    ///< the first is the master at the start; may be none
    std::vector<std::string> sentinels;
    std::vector<std::string> clients;
    std::string machine;                 ///< the host of all clients when they share one
    std::string resource;                ///< the host of the fenced resource; may be none
    std::string disk;                    ///< the host or share whose disk clients use; may be none
    std::vector<std::string> all() const;
};

/// The host of clients that are processes or threads, where the backend has no other for them.
inline constexpr const char* machine_host = "machine";

/// How a client is told of its backend.
struct Access {
    std::string url;
    Options options;
};

class Deployment;

class Backend {
public:
    virtual ~Backend() = default;
    virtual const char* name() const noexcept = 0;
    /// The backend's hosts and the clients.
    virtual Topology topology(const Plan& plan) const = 0;
    /// Adds the servers.
    virtual void deploy(sim::World& world, const Plan& plan, Deployment& deployment) const = 0;
    /// The host on which a client's process will run; made when there is none yet.
    virtual sim::Host& client_host(sim::World& world, const Plan& plan, const ClientPlan& client,
                                   Deployment& deployment) const;
    virtual Access access(const Plan& plan) const = 0;
    /// Another spelling of the same, for a client that opens its backend twice.
    virtual Access second_access(const Plan& plan) const { return access(plan); }

    /// How long an unrenewed hold lives, or what else decides when belief ends: faults are placed
    /// around it.
    virtual Duration lease(const Options& options) const = 0;
    virtual Duration membership_timeout(const Options& options) const = 0;
    /// Whether the driver follows another implementation, to show what it does: what it claims is then
    /// that implementation's claim, and fails nothing.
    virtual bool is_foil() const { return false; }
    /// The driver's options with every timeout ten times as long.
    virtual Options tenfold(Options options) const = 0;
    /// What the configuration sets beyond its hosts, so that it stands in the Plan.
    virtual void complete(Plan&) const {}
};

/// The configuration `Right`, with the driver that follows tooz.
template <class Right>
class AsTooz final : public Right {
public:
    AsTooz() : name_(std::string(Right::name()) + "-as-tooz") {}
    const char* name() const noexcept override { return name_.c_str(); }
    bool is_foil() const override { return true; }
    Access access(const Plan& plan) const override { return as_tooz(Right::access(plan)); }
    Access second_access(const Plan& plan) const override {
        return as_tooz(Right::second_access(plan));
    }

private:
    static Access as_tooz(Access access) {
        access.url = tooz::scheme_prefix + access.url;
        return access;
    }
    const std::string name_;
};

/// Errors: FileError when the Plan names an unknown configuration.
const Backend& backend_of(const Plan& plan);
/// Those of the product, and those of foils.
DriverRegistry known_drivers();

/// Until when a member that is silent is gone, and its place is free: the lease itself, 1 % of clock
/// rate, and the second that an operation may take.
Duration membership_lapse(const Plan& plan);

/// The backend's hosts, the clients, and what else the Plan has.
Topology topology_of(const Plan& plan);

/// Of the configurations of one kind; see the function's file.
std::vector<const Backend*> redis_backends();
std::vector<const Backend*> file_backends();

/// `key` in seconds, or `otherwise`.
Duration seconds_option(const Options& options, const std::string& key, Duration otherwise);
void set_seconds(Options& options, const std::string& key, Duration length);

}  // namespace conclave::scenarios
