#pragma once

// The environment: every door through which code reaches the world outside itself. Drivers, clients
// and simulated servers know only these interfaces; AsioRuntime implements them over the operating
// system and sim::Process over virtual time; tests/contract holds both to what is promised here, in
// network.hpp and in scheduler.hpp. All of it is single-threaded per Runtime: the one exception is
// Gate, which is how another thread gets in.

#include <cstdint>
#include <string_view>

#include "conclave/files.hpp"
#include "conclave/network.hpp"
#include "conclave/scheduler.hpp"
#include "conclave/time.hpp"

namespace conclave {

/// The process's own clock. Never blocks.
class Clock {
public:
    virtual ~Clock() = default;
    /// Time that never goes back and also runs while the host sleeps.
    virtual TimePoint now() const noexcept = 0;
};

/// Wall-clock time; may jump in either direction. Never blocks.
class WallClock {
public:
    virtual ~WallClock() = default;
    virtual WallTime now() const noexcept = 0;
};

/// Uniform random bits: the kernel's in production, a seeded stream per process in simulation.
class Random {
public:
    virtual ~Random() = default;
    virtual std::uint64_t next() noexcept = 0;
};

/// Something an operator may want to know. Texts are valid during the call only.
struct Event {
    enum class Severity : std::uint8_t { debug, info, warning, error };
    Severity severity = Severity::info;
    std::string_view component;  ///< e.g. "redis.client"
    std::string_view name;       ///< e.g. "reconnected"; stable, for filters
    std::string_view detail;
};

/// The door for logs and metrics. Called on the runtime's fibers: must not block or throw.
class Observer {
public:
    virtual ~Observer() = default;
    virtual void event(const Event& event) noexcept = 0;
};

/// The environment of one process. A view: whoever made the parts outlives every fiber on them.
struct Runtime {
    Clock& clock;
    WallClock& wall_clock;
    Scheduler& scheduler;
    Network& network;
    Random& random;
    Observer& observer;
    Files& files;

    Deadline after(Duration length) const noexcept {
        return Deadline(saturating_add(clock.now(), length));
    }
};

}  // namespace conclave
