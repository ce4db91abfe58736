#pragma once

// What the loops of all workloads have in common: a seeded choice, the journal, and holding something
// for a while.

#include <algorithm>
#include <functional>
#include <memory>

#include "client_loop.hpp"
#include "conclave/client.hpp"
#include "conclave/coordinator.hpp"
#include "conclave/sim/stream.hpp"
#include "conclave/sync.hpp"

namespace conclave::torture {

inline std::int64_t nanoseconds(TimePoint time) noexcept {
    return time.time_since_epoch().count();
}

class Stage {
public:
    Stage(Runtime& runtime, const RunOptions& run, const ClientOptions& client, Journal& journal);

    std::int64_t now() const noexcept { return nanoseconds(runtime.clock.now()); }
    bool over() const noexcept { return runtime.clock.now() >= run.end; }
    /// Parks for `length`, or until the end of the run.
    void rest(Duration length);

    /// One of a few names of the run, so that clients meet.
    std::string object();
    std::string group() const { return run.run + "-group"; }
    /// The process that a member id names.
    std::string process_of(const std::string& member) const;
    /// How long an acquisition waits: sometimes not at all.
    Duration wait();
    /// How long something is held: mostly a small part of the ttl, now and then longer than it.
    Duration hold();

    /// How a holder looks at what it holds.
    struct Held {
        std::function<bool()> valid;
        std::function<TimePoint()> until;
    };
    /// Looks at a belief for `length`, until it ends, or until the run does.
    void keep(std::uint64_t belief, const Held& held, Duration length);
    void look(std::uint64_t belief, const Held& held);
    void give_up(std::uint64_t belief, const Held& held);

    Runtime& runtime;
    const RunOptions& run;
    Journal& journal;
    sim::Stream draw;
};

/// One client's work; each round is bounded by some multiple of the ttl.
class Rounds {
public:
    virtual ~Rounds() = default;
    /// Errors: any Error; the next round is made all the same.
    virtual void round() = 0;
};

// Through handles, and through the seed's face.
std::unique_ptr<Rounds> make_lock_rounds(Stage& stage, Client& client);
std::unique_ptr<Rounds> make_lock_rounds(Stage& stage, Coordinator& coordinator);
std::unique_ptr<Rounds> make_leader_rounds(Stage& stage, Client& client);
std::unique_ptr<Rounds> make_leader_rounds(Stage& stage, Coordinator& coordinator);
std::unique_ptr<Rounds> make_group_rounds(Stage& stage, Client& client);
std::unique_ptr<Rounds> make_group_rounds(Stage& stage, Coordinator& coordinator);

}  // namespace conclave::torture
