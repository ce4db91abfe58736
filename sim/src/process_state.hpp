#pragma once

// A process from the inside: its fibers, what stops them, and the count of its environment calls.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "conclave/sim/process.hpp"
#include "conclave/sim/stream.hpp"
#include "call_hook.hpp"
#include "files/sim_files.hpp"
#include "kernel.hpp"
#include "local_clock.hpp"
#include "process_environment.hpp"

namespace conclave::sim {

struct HostState;
struct Socket;

struct ProcessState {
    ProcessState(HostState& owner, std::string process_name, std::function<void(Process&)> main,
                 const ProcessOptions& options);

    // Life. crash() and restart() may be called from anywhere.
    void start();
    void crash();
    void restart();
    void set_stopped_by_signal(bool stopped);
    /// To be called when anything that decides whether fibers may run has changed.
    void update_running();
    void release_held();

    // Fibers.
    void adopt(detail::Fiber& fiber);
    void forget(detail::Fiber& fiber) noexcept;
    /// Lets `fiber` run, now or when the process goes on.
    void admit(detail::Fiber& fiber);
    Wake park(Deadline deadline);
    void reschedule_deadlines();

    /// Begins an environment call, which may fall victim to at_call(); stops here while the process
    /// is paused. False when the process is dead: the call must then do nothing. Throws Killed.
    bool begin_call(std::uint64_t& ordinal) {
        ordinal = ++calls;
        if (ordinal == next_before) [[unlikely]] run_hooks(ordinal, CallPoint::before);
        return running || stand_still();
    }
    void end_call(std::uint64_t ordinal) {
        if (hooked_after) [[unlikely]] end_hooked_call(ordinal);
    }
    /// A call that has no effect on others and must not stop: what hangs on it comes before the next
    /// one that can, which nobody can tell from now, and no caller is surprised.
    void count_call() {
        const std::uint64_t ordinal = ++calls;
        if (ordinal == next_before || hooked_after) [[unlikely]] postpone_hooks(ordinal);
    }
    void add_hook(std::uint64_t ordinal, CallPoint point, std::function<void()> action);
    /// Closes `socket`, which is called from destructors: while paused this waits for the resume.
    void close(Socket& socket) noexcept;
    /// Gives up a lock on a file, likewise.
    void unlock(const NodeRef& node, std::uint64_t id) noexcept;

    struct Held {
        detail::Fiber* fiber;
        bool overdue;  ///< its deadline passed while the process stood still
    };

    Kernel& kernel;
    HostState& host;
    const std::string name;
    const std::uint32_t subject;  ///< its subject number in the trace
    Process* self = nullptr;
    const std::function<void(Process&)> body;
    Observer* const observer;
    LocalClock clock;
    Stream random;
    Stream resumption;  ///< decides what a resume runs first
    Stream file_times;  ///< how long file operations take

    bool alive = false;
    bool stopped = false;   ///< by pause()
    bool running = false;   ///< alive, and neither it nor its host stands still
    bool power_lost = false;
    bool restart_requested = false;
    int incarnation = 0;
    std::uint64_t calls = 0;
    std::uint64_t next_before = 0;  ///< the next call with a hook before it; 0 none
    bool hooked_after = false;      ///< calls end out of order, so each looks for its hook

    detail::Fiber* newest = nullptr;
    std::vector<Held> held;
    std::vector<Socket*> closing;  ///< closed while paused
    std::vector<FileHold> unlocking;  ///< given up while paused
    Socket* sockets = nullptr;
    std::vector<CallHook> hooks;

    SimClock sim_clock{*this};
    SimWallClock sim_wall_clock{*this};
    SimScheduler scheduler{*this};
    ProcessNetwork network{*this};
    SimRandom sim_random{*this};
    SimObserver sim_observer{*this};
    SimFiles files{*this};
    Runtime runtime{sim_clock,  sim_wall_clock, scheduler, network,
                    sim_random, sim_observer,   files};
    std::optional<TaskGroup> tasks, file_work;  ///< the latter: what does file operations

private:
    bool stand_still();
    void go_on();
    void run_hooks(std::uint64_t at, CallPoint point);
    void postpone_hooks(std::uint64_t at);
    void end_hooked_call(std::uint64_t at);
    void find_next_hooks();
};

inline ProcessState& process_of(const detail::Fiber& fiber) noexcept {
    return static_cast<SimScheduler*>(fiber.scheduler)->process();
}

/// Ends the park of `fiber`. One that is not parked keeps a notification for its next park.
inline void wake(detail::Fiber& fiber, Wake reason) {
    // A dying sibling's destructors notify: who is to be unwound must not be queued again.
    if (fiber.killed) return;
    if (fiber.state != detail::FiberState::parked) {
        if (reason == Wake::notified) fiber.permit = true;
        return;
    }
    ProcessState& process = process_of(fiber);
    if (fiber.timer != 0) {
        process.kernel.events.cancel(static_cast<EventQueue::Handle>(fiber.timer));
        fiber.timer = 0;
    }
    fiber.state = detail::FiberState::ready;
    fiber.wake = fiber.cancelled ? Wake::cancelled : reason;
    process.admit(fiber);
}

inline void ProcessState::admit(detail::Fiber& fiber) {
    if (running) [[likely]]
        kernel.ready.push(fiber);
    else
        held.push_back({&fiber, fiber.wake == Wake::timed_out});
}

}  // namespace conclave::sim
