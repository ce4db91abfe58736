#pragma once

// An in-memory backend and the way to it, on which a test switches faults on. Everything runs on
// one ManualScheduler.

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "conclave/driver.hpp"
#include "conclave/sync.hpp"

namespace conclave::testing {

constexpr Duration fake_ttl = std::chrono::seconds(3);

/// What becomes of a call.
enum class Fault {
    none,
    unreachable,   ///< no effect, and known to have none
    lost_request,  ///< no effect, which the caller cannot know
    lost_reply,    ///< done, which the caller cannot know
    refused,       ///< the backend says no, for good
    stuck,         ///< no answer before the deadline
};

/// The server. A lease's expiry is lazy, by the clock that its clients see too.
struct FakeBackend {
    struct Entry {
        std::string owner;
        std::string member_id;
        std::uint64_t token = 0;
        TimePoint expires;
    };
    using Entries = std::map<std::string, Entry>;
    Entries locks;
    Entries leaders;
    std::map<std::string, std::map<std::string, Value>> groups;
    std::set<std::string> unreadable;  ///< members whose capabilities nobody can read
    std::uint64_t grants = 0;
};

/// One client's way to the backend.
struct FakeLink {
    Runtime& runtime;
    FakeBackend& backend;
    std::string member_id;
    Fault next_fault = Fault::none;   ///< of one call
    Fault every_fault = Fault::none;  ///< of all calls
    std::string stuck_name{};         ///< calls about this lock are stuck

    int calls = 0;  ///< that reached this far
    Changes* changes = nullptr;  ///< what the driver tells of by itself
    bool forever = false;     ///< what is taken does not lapse, by its holder's belief
    Duration reply_latency{};  ///< until the taker hears that it has taken something
    Duration latency{};  ///< before each call reaches the backend, if its deadline is not over by then

    /// Runs `act` on the backend unless a fault prevents it.
    template <class Act>
    auto call(Deadline deadline, Act act) {
        ++calls;
        if (latency > Duration::zero() && !sleep_for(runtime, latency))
            throw Cancelled("cancelled", Effect::unknown);
        if (deadline.passed(runtime.clock.now())) throw OperationTimedOut("came too late");
        const Fault fault = std::exchange(next_fault, Fault::none);
        switch (fault == Fault::none ? every_fault : fault) {
            case Fault::none: break;
            case Fault::unreachable: throw ConnectionError("unreachable");
            case Fault::refused: throw Error("refused");
            case Fault::lost_request: throw ConnectionError("lost request", Effect::unknown);
            case Fault::lost_reply: act(); throw ConnectionError("lost reply", Effect::unknown);
            case Fault::stuck: wait_in_vain(deadline);
        }
        return act();
    }

    [[noreturn]] void wait_in_vain(Deadline deadline) {
        if (!sleep_until(runtime, deadline)) throw Cancelled("cancelled", Effect::unknown);
        throw OperationTimedOut("no answer", Effect::unknown);
    }

    bool alive(const FakeBackend::Entries& entries, const std::string& name) const {
        const auto found = entries.find(name);
        return found != entries.end() && runtime.clock.now() < found->second.expires;
    }
    bool owns(const FakeBackend::Entries& entries, const Lease& lease) const {
        return alive(entries, lease.name) && entries.at(lease.name).owner == lease.owner;
    }

    // The same three steps for locks and leaders.
    std::optional<Lease> take(FakeBackend::Entries& entries, const std::string& name,
                              const std::string& owner, Deadline deadline) {
        auto lease = call(deadline, [&]() -> std::optional<Lease> {
            const bool mine = alive(entries, name) && entries[name].owner == owner;
            if (alive(entries, name) && !mine) return std::nullopt;
            const std::uint64_t token = mine ? entries[name].token : ++backend.grants;
            const TimePoint until = runtime.clock.now() + fake_ttl;
            entries[name] = {owner, member_id, token, until};
            return Lease{name, owner, token, forever ? TimePoint::max() : until};
        });
        if (reply_latency > Duration::zero()) sleep_for(runtime, reply_latency);
        return lease;
    }
    bool renew(FakeBackend::Entries& entries, Lease& lease, Deadline deadline) {
        if (lease.name == stuck_name) wait_in_vain(deadline);
        return call(deadline, [&] {
            if (!owns(entries, lease)) return false;
            entries[lease.name].expires = runtime.clock.now() + fake_ttl;
            if (!forever) lease.belief_until = entries[lease.name].expires;
            return true;
        });
    }
    bool give_back(FakeBackend::Entries& entries, const Lease& lease, Deadline deadline) {
        return call(deadline,
                    [&] { return owns(entries, lease) && entries.erase(lease.name) > 0; });
    }
    std::string new_owner() { return member_id + ":" + std::to_string(runtime.random.next()); }
};

}  // namespace conclave::testing
