#pragma once

#include <any>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "conclave/sim/disk.hpp"
#include "conclave/sim/host.hpp"
#include "kernel.hpp"
#include "network/link.hpp"

namespace conclave::sim {

struct ListenerState;

/// A share and where a host finds it.
struct Mount {
    std::string path;
    DiskState* disk;
};

struct HostState {
    HostState(Kernel& owner, std::string host_name, const HostOptions& options);
    ~HostState();

    /// Whether its kernel answers at all.
    bool silent() const noexcept { return !powered || suspended; }
    std::int64_t wall_now() const noexcept;
    DiskState& local_disk() noexcept { return disk.state(); }

    Kernel& kernel;
    const std::string name;
    const std::uint32_t subject;  ///< its subject number in the trace
    const std::size_t index;      ///< its place in Kernel::hosts
    Duration wall_offset;
    bool powered = true;
    bool suspended = false;
    Suspension suspension = Suspension::sleep;
    std::int64_t suspended_at = 0;
    std::vector<ProcessState*> processes;
    std::vector<std::function<void()>> power_loss_actions;
    std::any storage;
    Disk disk;
    std::vector<Mount> mounts;

    int refusals = 0;              ///< faults by which every connect is refused
    int slow_readers = 0;          ///< faults by which its processes read nothing
    int unreachabilities = 0;      ///< faults by which there is no route to it
    std::uint16_t next_port = 49152;
    std::vector<std::shared_ptr<ListenerState>> listeners;
    std::vector<std::unique_ptr<Link>> links;  ///< to the host with that index, made when needed
};

}  // namespace conclave::sim
