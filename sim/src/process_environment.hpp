#pragma once

// The doors of one simulated process: what its Runtime is made of.

#include "conclave/environment.hpp"
#include "conclave/fiber.hpp"

namespace conclave::sim {

struct ProcessState;

class SimClock final : public Clock {
public:
    explicit SimClock(ProcessState& process) : process_(process) {}
    TimePoint now() const noexcept override;

private:
    ProcessState& process_;
};

class SimWallClock final : public WallClock {
public:
    explicit SimWallClock(ProcessState& process) : process_(process) {}
    WallTime now() const noexcept override;

private:
    ProcessState& process_;
};

/// Parks and wakes the fibers of one process on the world's loop.
class SimScheduler final : public Scheduler {
public:
    explicit SimScheduler(ProcessState& process) : process_(process) {}
    Wake park(Deadline deadline) override;
    void unpark(detail::Fiber& fiber) noexcept override;
    void start(detail::Fiber& fiber) override;
    detail::FiberCore& core() noexcept override;
    ProcessState& process() const noexcept { return process_; }

private:
    ProcessState& process_;
};

class SimRandom final : public Random {
public:
    explicit SimRandom(ProcessState& process) : process_(process) {}
    std::uint64_t next() noexcept override;

private:
    ProcessState& process_;
};

/// Records events in the trace and passes them on.
class SimObserver final : public Observer {
public:
    explicit SimObserver(ProcessState& process) : process_(process) {}
    void event(const Event& event) noexcept override;

private:
    ProcessState& process_;
};

/// The network as one process sees it: from its host's address.
class ProcessNetwork final : public Network {
public:
    explicit ProcessNetwork(ProcessState& process) : process_(process) {}
    Connected connect(const Endpoint& endpoint, Deadline deadline) override;
    Listening listen(const Endpoint& endpoint) override;
    Resolved resolve(const std::string& host, Deadline deadline) override;

private:
    ProcessState& process_;
};

}  // namespace conclave::sim
