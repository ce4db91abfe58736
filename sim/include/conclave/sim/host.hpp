#pragma once

// A simulated machine: its name is its network address. It holds processes, a wall clock and a
// kernel that handshakes and buffers bytes even while a process stands still.

#include <any>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "conclave/time.hpp"

namespace conclave::sim {

class Disk;
class Process;
struct HostState;

struct HostOptions {
    Duration wall_offset{0};  ///< how far this host's wall clock is ahead of the world's
};

/// What stands still besides the processes when a whole host stops.
enum class Suspension : std::uint8_t {
    sleep,        ///< the boot clock goes on: after the resume leases have visibly run out
    vm_snapshot,  ///< every clock stands still: only a fencing token can tell
};

/// Lives as long as its world. Called by the world's faults and tests, never by a process's code.
class Host {
public:
    explicit Host(std::unique_ptr<HostState> state);
    ~Host();
    Host(const Host&) = delete;
    Host& operator=(const Host&) = delete;

    const std::string& name() const noexcept;
    std::vector<Process*> processes() const;

    /// Kills every process without a word on the wire: peers see silence, and a reset once the host
    /// is back and they send. Runs the on_power_loss() actions: unsynced data is theirs to drop.
    void power_loss();
    /// Boots the kernel; processes are restarted one by one. No effect on a running host.
    void power_on();
    bool powered() const noexcept;

    /// Stops every process and the kernel: nothing is acknowledged until resume().
    void suspend(Suspension suspension = Suspension::sleep);
    void resume();
    bool suspended() const noexcept;

    /// Moves the wall clock; process clocks do not notice.
    void step_wall_clock(Duration by);

    /// Its own file system, which keeps over crashes, and over power losses what was synced.
    Disk& disk() noexcept;
    /// From now on its processes find `share` at and below the absolute `path`.
    void mount(const std::string& path, Disk& share);

    /// What survives crashes and power losses of this host; its owner decides what that is.
    std::any& storage() noexcept;
    void on_power_loss(std::function<void()> action);

    HostState& state() noexcept { return *state_; }

private:
    std::unique_ptr<HostState> state_;
};

}  // namespace conclave::sim
