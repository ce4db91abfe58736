#pragma once

// The heart of a world: the current time, what will happen, who could run, and the loop over them.
// Private to the simulator; World, Process, Host and SimNetwork are its public faces.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "conclave/fiber.hpp"
#include "conclave/sim/world.hpp"
#include "event_queue.hpp"
#include "ready_set.hpp"

namespace conclave::sim {

class NetworkState;

struct Kernel {
    explicit Kernel(const WorldOptions& world_options);
    ~Kernel();

    /// Handles an event of this instant, or else runs one fiber of those it made ready, or else goes
    /// on to the next event up to `limit`; false when there is none.
    bool step(std::int64_t limit);

    /// Kills every fiber of the processes that died and lets their hosts clean up after them. Only
    /// from the loop; a crash inside a fiber waits for it.
    void bury_dead();

    void schedule_action(std::int64_t time, std::function<void()> action);

    void record(TraceKind kind, std::uint32_t subject, std::uint64_t a, std::uint64_t b) {
        trace.record({now, kind, {}, subject, a, b});
    }
    void record_fault(FaultKind kind, std::uint32_t subject, std::uint64_t parameter) {
        record(TraceKind::fault, subject, static_cast<std::uint64_t>(kind), parameter);
    }
    /// Gives `name` the next subject number of the trace.
    std::uint32_t add_subject(const std::string& name);

    const WorldOptions options;
    std::int64_t now = 0;
    std::uint64_t steps = 0;
    Stream root;
    ReadySet ready;
    EventQueue events;
    Trace trace;
    detail::FiberCore core;
    SimNetwork network;
    NetworkState& tcp;
    std::vector<std::unique_ptr<Disk>> shares;
    std::vector<std::unique_ptr<Host>> hosts;
    std::vector<std::unique_ptr<Process>> processes;
    std::vector<ProcessState*> dead;       ///< not yet buried
    std::vector<ProcessState*> releasing;  ///< the second half of a resume, when all is at rest

private:
    std::uint64_t time_passed_at_ = 0;  ///< after so many steps
    void run_chosen();
    void run(detail::Fiber& fiber);
    void dispatch(const EventQueue::Fired& event);
    void run_action(std::uint64_t index);
    void bury(ProcessState& process);

    std::vector<std::function<void()>> actions_;
    std::vector<std::uint64_t> free_actions_;
};

}  // namespace conclave::sim
