#pragma once

// What a coordinator and its locks share. Everything runs on fibers of one runtime; the few values
// that other threads look at are atomic.

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "conclave/coordinator.hpp"
#include "conclave/sync.hpp"

namespace conclave::detail {

/// A lease that this coordinator keeps alive while it may be believed.
struct HeldLease {
    HeldLease(Scheduler& scheduler, Lease taken, bool leads)
        : lease(std::move(taken)),
          leadership(leads),
          ended(scheduler),
          believed_until(lease.belief_until.time_since_epoch().count()) {}

    Lease lease;
    const bool leadership;
    Latch ended;                               ///< set when it is lost or given up
    std::atomic<std::int64_t> believed_until;  ///< ns of the process clock; for any thread
};

/// One registered hook.
template <class Event>
struct Watch {
    WatchId id;
    Hook<Event> hook;
};
template <class Event>
using Watches = std::map<std::string, std::vector<Watch<Event>>>;

class HookRun;

class CoordinatorCore {
public:
    CoordinatorCore(Gate& gate, std::unique_ptr<Driver> driver, std::string member_id,
                    CoordinatorOptions options);

    /// Runs `body` on a fiber of the runtime and hands its result back.
    template <class Body>
    auto on_runtime(Body&& body) {
        using Result = decltype(body());
        if constexpr (std::is_void_v<Result>) {
            gate_.call([&] { body(); });
        } else {
            std::optional<Result> result;
            gate_.call([&] { result.emplace(body()); });
            return std::move(*result);
        }
    }

    // Life cycle (life_cycle.cpp).
    void start(bool start_heart);
    void stop(Duration limit);
    Duration heartbeat();
    void require_started() const;

    // Memberships: joined_groups is what stop() must leave (life_cycle.cpp).
    void join(Groups& groups, const std::string& group, const Value& capabilities,
              Deadline deadline);
    void leave(Groups& groups, const std::string& group, Deadline deadline);
    TimePoint membership_until() const noexcept { return membership_until_; }

    // Leases (leases.cpp).
    std::shared_ptr<HeldLease> keep(Lease lease, bool leadership);
    bool believed(const HeldLease& held) const noexcept;
    /// One renewal; false when the lease is lost. Throws what the driver throws.
    bool renew(HeldLease& held);
    /// Gives the lease up at the backend; it has ended for us in any case.
    bool give_up(HeldLease& held, Deadline deadline);
    /// Ends the hold and gives the lease up in the background; never parks.
    void give_up_later(HeldLease& held);
    /// Gives up, in the background, what `lease` names: held by nobody here any more, or perhaps
    /// acquired by an attempt of unknown outcome. Never parks.
    void undo_later(Lease lease, bool leadership);

    // Watchers and elections (watchers.cpp).
    HookRun look_at_groups();
    HookRun look_at_elections();
    bool stand_down(const std::string& group);
    bool is_leader(const std::string& group) const noexcept;
    /// The current or last leadership of `group`; null when there was none.
    std::shared_ptr<const HeldLease> leadership(const std::string& group) const;
    std::set<std::string> view(const std::string& group) const;
    void init_watch(const std::string& group);
    void forget_view_if_unwatched(const std::string& group);

    Deadline operation_deadline() const noexcept {
        return gate_.runtime().after(options_.operation_timeout);
    }
    Driver& driver() noexcept { return *driver_; }
    Runtime& runtime() noexcept { return gate_.runtime(); }
    Groups& groups();
    Elections& elections();
    Locks& locks();
    const CoordinatorOptions& options() const noexcept { return options_; }
    const std::string& member_id() const noexcept { return member_id_; }
    bool is_started() const noexcept { return started_; }

    Watches<MemberJoinedGroup> join_watches;
    Watches<MemberLeftGroup> leave_watches;
    Watches<LeaderElected> elected_watches;
    Watches<LeadershipLost> lost_watches;
    std::set<std::string> joined_groups;
    std::uint64_t next_watch = 1;

private:
    void connect_and_beat();
    Duration beat();
    TimePoint belief_from(TimePoint sent) const noexcept;
    void beat_heart();
    void keep_alive(HeldLease& held);
    void end(HeldLease& held) noexcept;
    bool resign_or_release(const Lease& lease, bool leadership, Deadline deadline);
    void drain_releases(Deadline deadline);
    Duration renewal_interval() const;
    void watch_alone();
    void compare_leaderships(HookRun& run);
    void compare_view(const std::string& group, HookRun& run);
    void tell_lost_leadership(HookRun& run);
    void campaign(HookRun& run);
    void observe(Event::Severity severity, std::string_view name, const std::string& detail);

    Gate& gate_;
    std::unique_ptr<Driver> driver_;
    std::string member_id_;
    CoordinatorOptions options_;
    std::unique_ptr<TaskGroup> hearts_;  ///< the beat and each lease's renewal; none without heart
    std::unique_ptr<TaskGroup> releases_;  ///< drained at stop
    FiberMutex watching_;                  ///< one pass over the views at a time
    std::vector<std::shared_ptr<HeldLease>> held_;
    std::map<std::string, std::shared_ptr<HeldLease>> leaderships_;
    std::map<std::string, std::shared_ptr<HeldLease>> last_leaderships_;
    std::map<std::string, std::string> campaigns_;  ///< group -> owner kept over unknown outcomes
    std::map<std::string, std::set<std::string>> views_;
    Duration beat_timeout_{};  ///< how long the backend keeps a member without a beat
    TimePoint membership_until_ = TimePoint::min();
    std::atomic<bool> started_ = false;
};

}  // namespace conclave::detail
