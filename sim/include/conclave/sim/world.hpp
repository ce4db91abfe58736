#pragma once

// The simulator: one thread, virtual time that jumps to the next event, and one seed that decides
// everything. Hosts hold processes; all fibers of all processes run on one loop, and among those
// ready at one instant the seed chooses. The same program with the same seed gives the same run.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "conclave/sim/disk.hpp"
#include "conclave/sim/host.hpp"
#include "conclave/sim/process.hpp"
#include "conclave/sim/sim_network.hpp"
#include "conclave/sim/stream.hpp"
#include "conclave/sim/trace.hpp"
#include "conclave/sim/world_time.hpp"

namespace conclave::sim {

struct Kernel;

struct WorldOptions {
    std::uint64_t seed = 0;
    LinkOptions link = {};      ///< of every link until SimNetwork::link() changes one
    bool keep_trace = false;    ///< store the records, not only their hash
    /// Random priorities (PCT) instead of a uniform choice: finds orders that need one fiber to be
    /// late for long.
    bool priority_scheduling = false;
    /// So many times the fiber that was chosen comes behind all others from then on, at choices drawn
    /// from the first `priority_choices`: about as many as the run has.
    std::uint64_t priority_changes = 0;
    std::uint64_t priority_choices = 0;
};

/// Owns everything simulated. Its destructor kills the fibers that are left. One world at a time
/// runs on a thread.
class World {
public:
    explicit World(WorldOptions options = {});
    ~World();
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    /// Adds a machine; `name` is its network address and unique.
    Host& add_host(std::string name, HostOptions options = {});
    /// Adds a process and makes its first incarnation ready. `body` is the main of every
    /// incarnation and runs on a fiber; when it returns the fibers of Process::tasks() go on.
    Process& add_process(Host& host, std::string name, std::function<void(Process&)> body,
                         ProcessOptions options = {});

    /// Adds a file system that hosts can mount.
    Disk& add_share(DiskOptions options = {});

    /// Handles everything up to and including `limit`; then now() is `limit`. Errors, here and below:
    /// std::runtime_error when millions of steps follow one another without time passing.
    void run_until(WorldTime limit);
    /// Handles events while `condition` holds, which is asked before each of them. True when it
    /// ceased to hold; false when `limit` came first or nothing is left that could happen.
    bool run_while(const std::function<bool()>& condition, WorldTime limit);
    /// Whether nothing is left that could happen.
    bool idle() const noexcept;

    WorldTime now() const noexcept;
    /// Runs `action` outside any process, at `time` or now if that has passed: the place for faults.
    void at(WorldTime time, std::function<void()> action);

    SimNetwork& network() noexcept;
    /// The named stream of this world's seed; the same for the same name.
    Stream stream(std::string_view name) const;

    /// Adds an event of the caller's to the trace.
    void record(TraceKind kind, std::uint32_t subject, std::uint64_t a, std::uint64_t b);
    std::uint64_t trace_hash() const noexcept;
    const Trace& trace() const noexcept;
    /// Events and fiber switches handled so far.
    std::uint64_t steps() const noexcept;
    /// How often more than one fiber could run.
    std::uint64_t choices() const noexcept;

private:
    std::unique_ptr<Kernel> kernel_;
};

}  // namespace conclave::sim
