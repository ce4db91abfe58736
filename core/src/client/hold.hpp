#pragma once

// What a handle, its Validity and the client share about one thing that is held.

#include <atomic>
#include <stop_token>

#include "conclave/driver.hpp"
#include "conclave/environment.hpp"
#include "conclave/sync.hpp"

namespace conclave::detail {

class ClientCore;

enum class HoldKind : std::uint8_t { lock, shared_lock, leadership, membership };

struct Hold {
    Hold(std::weak_ptr<ClientCore> owner, Runtime& runtime, HoldKind what, Lease taken)
        : core(std::move(owner)),
          clock(runtime.clock),
          kind(what),
          token(taken.token),
          lease(std::move(taken)),
          until(lease.belief_until.time_since_epoch().count()),
          ended(runtime.scheduler),
          given_up(runtime.scheduler) {}

    const std::weak_ptr<ClientCore> core;
    const Clock& clock;
    const HoldKind kind;
    const std::uint64_t token;
    // On the runtime's fibers only.
    Lease lease;  ///< of a membership: the group's name, and as owner a text of its own
    // Any thread.
    std::atomic<std::int64_t> until;  ///< ns of the process clock
    std::stop_source lost_signal;
    // On the runtime's fibers only.
    Latch ended;      ///< lost or given up
    Latch given_up;   ///< nobody works under it any more
    bool repeated = false;    ///< an earlier attempt to take it may still be on its way
    bool handed_out = false;  ///< a handle owns it: stop() waits for it

    TimePoint believed_until() const noexcept { return TimePoint(Duration(until.load())); }
    bool believed() const noexcept { return clock.now() < believed_until(); }
    /// What does not ends by its backend's word alone.
    bool lapses() const noexcept { return believed_until() != TimePoint::max(); }
};

}  // namespace conclave::detail
