#pragma once

// A simulated process: a Runtime with its own clock, random stream and network address, and the
// fibers that run on it. It can crash, be stopped and start again.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "conclave/environment.hpp"
#include "conclave/sim/world_time.hpp"

namespace conclave::sim {

class Host;
struct ProcessState;

struct ProcessOptions {
    int clock_rate_ppm = 0;          ///< how much faster its clock runs; negative is slower
    Duration clock_offset{0};        ///< how far its clock is ahead of the world's at the start
    Observer* observer = nullptr;    ///< also told what the process reports; outlives the world
};

/// On which side of an environment call's effect something happens.
enum class CallPoint : std::uint8_t { before, after };

/// Lives as long as its world. The body of an incarnation gets a reference to its own process;
/// everything but runtime() and tasks() is for faults and tests, and may be called from anywhere.
class Process {
public:
    explicit Process(std::unique_ptr<ProcessState> state);
    ~Process();
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    const std::string& name() const noexcept;
    Host& host() noexcept;
    Runtime& runtime() noexcept;
    /// The fibers of this incarnation; the body itself is one of them.
    TaskGroup& tasks() noexcept;
    /// 1 for the first; grows with every restart().
    int incarnation() const noexcept;
    bool alive() const noexcept;
    bool paused() const noexcept;

    /// Kills every fiber, newest first, at the point where it is parked. The process sends no
    /// farewell; the kernel delivers what was written and then closes its connections. Called from
    /// one of its own fibers, that fiber has no effect any more and ends where it next parks.
    void crash();
    /// Starts the body again as a new incarnation, crashing first if need be; boots the host.
    void restart();
    /// Stops every fiber before its next effect (SIGSTOP, a long garbage collection). Its clock and
    /// its host's kernel go on.
    void pause();
    /// Lets it go on. Whether queued input or overdue timers come first is the seed's choice.
    void resume();

    /// Changes the clock's rate from now on; it never goes back.
    void set_clock_rate_ppm(int rate_ppm);
    /// Moves the clock forward; pending deadlines come sooner. Requires: by >= 0.
    void step_clock(Duration by);
    /// When this process's clock showed `time` first, or shows it if its rate stays as it is.
    WorldTime to_world(TimePoint time) const;
    TimePoint to_local(WorldTime time) const;

    /// Environment calls made so far, over all incarnations.
    std::uint64_t calls() const noexcept;
    /// Runs `action` at the environment call with this ordinal (the first is 1), for sweeps that
    /// crash, pause or cut at every step. At a call that cannot stop (now(), random numbers) it runs
    /// before the next one that can: in between the process has no effect.
    void at_call(std::uint64_t ordinal, CallPoint point, std::function<void()> action);

    ProcessState& state() noexcept { return *state_; }

private:
    std::unique_ptr<ProcessState> state_;
};

}  // namespace conclave::sim
