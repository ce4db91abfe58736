#pragma once

// The seed's face: one coordinator per member of a service, over one driver. Service authors call
// it. From an ordinary thread a call blocks that thread; from a fiber of the runtime it parks.
// Thread-safety: any thread may call it; hooks run inside the caller of run_watchers().
// Source: tooz coordination.CoordinationDriver; deliberate differences stand at each method.

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "conclave/driver.hpp"
#include "conclave/gate.hpp"
#include "conclave/lock.hpp"

namespace conclave {

namespace detail {
class CoordinatorCore;
}

struct MemberJoinedGroup {
    std::string group_id;
    std::string member_id;
};
struct MemberLeftGroup {
    std::string group_id;
    std::string member_id;
};
struct LeaderElected {
    std::string group_id;
    std::string member_id;
};
/// Not in the seed: this member no longer leads, by the local deadline or by the backend's word.
struct LeadershipLost {
    std::string group_id;
    std::string member_id;
};

template <class Event>
using Hook = std::function<void(const Event&)>;
/// Names one registration of a hook; from watch_*, for unwatch_*.
struct WatchId {
    std::uint64_t number = 0;
    friend bool operator==(const WatchId&, const WatchId&) = default;
};

struct CoordinatorOptions {
    /// Bounds each single call to the backend, retries included.
    Duration operation_timeout = std::chrono::seconds(10);
    /// How long a blocked acquire() waits between two attempts; each wait is drawn from
    /// [half of it, the whole].
    Duration poll_interval = std::chrono::milliseconds(100);
};

class Coordinator {
public:
    /// `gate` outlives the coordinator. Nothing connects before start().
    Coordinator(Gate& gate, std::unique_ptr<Driver> driver, std::string member_id,
                CoordinatorOptions options = {});
    /// On an ordinary thread: stops when still started, within the operation timeout. On a fiber it
    /// must have been stopped, since a destructor cannot park.
    ~Coordinator();
    Coordinator(const Coordinator&) = delete;
    Coordinator& operator=(const Coordinator&) = delete;

    /// Connects. With `start_heart` beats and held leases are renewed by themselves; without it the
    /// caller does so with heartbeat(). Errors: no effect - Error when already started,
    /// ConnectionError.
    void start(bool start_heart = false);
    /// Leaves every joined group, releases every lock and leadership, and closes: all within
    /// `limit`; backend errors are swallowed. Errors: no effect - Error when not started.
    void stop(Duration limit = std::chrono::seconds(10));
    bool is_started() const;
    const std::string& member_id() const noexcept;
    Claims claims() const;

    /// Renews this member's beat and every held lease once. Returns the longest time that may pass
    /// before the next call. Errors: unknown - ConnectionError, OperationTimedOut.
    Duration heartbeat();

    void create_group(const std::string& group);
    void delete_group(const std::string& group);
    std::vector<std::string> get_groups();
    void join_group(const std::string& group, const Value& capabilities = {});
    /// Joins, creating the group first when it is missing; does not wait a second as the seed does.
    void join_group_create(const std::string& group, const Value& capabilities = {});
    void leave_group(const std::string& group);
    std::set<std::string> get_members(const std::string& group);
    Value get_member_capabilities(const std::string& group, const std::string& member);
    std::map<std::string, Value> get_members_with_capabilities(const std::string& group);
    void update_capabilities(const std::string& group, const Value& capabilities);

    /// Who leads `group`; `foreign` when a peer leads that does not leave its id.
    Leader get_leader(const std::string& group);
    /// Gives up the leadership of `group`; false when this member did not lead.
    bool stand_down_group_leader(const std::string& group);
    /// Whether this member may still act as leader of `group`, by its own clock and without I/O.
    bool is_leader(const std::string& group) const;
    /// When the current leadership of `group` ends unless renewed, or when the last one ended;
    /// TimePoint::min() when there was none.
    TimePoint leading_until(const std::string& group) const;
    /// The driver's counter of that leadership; 0 when there was none.
    std::uint64_t leader_token(const std::string& group) const;
    /// Until when every joined group is sure to list this member, by the last acknowledged beat.
    /// Once passed it stays, until the next join: others may have seen the member gone.
    TimePoint member_until() const;

    WatchId watch_join_group(const std::string& group, Hook<MemberJoinedGroup> hook);
    WatchId watch_leave_group(const std::string& group, Hook<MemberLeftGroup> hook);
    /// Also makes this member a candidate of the group.
    WatchId watch_elected_as_leader(const std::string& group, Hook<LeaderElected> hook);
    WatchId watch_lost_leadership(const std::string& group, Hook<LeadershipLost> hook);
    /// Each throws WatchCallbackNotFound when `watch` is not registered on `group`.
    void unwatch_join_group(const std::string& group, WatchId watch);
    void unwatch_leave_group(const std::string& group, WatchId watch);
    void unwatch_elected_as_leader(const std::string& group, WatchId watch);
    void unwatch_lost_leadership(const std::string& group, WatchId watch);

    /// The view that the watches of `group` were last told, or began with; empty when unwatched.
    std::set<std::string> watched_members(const std::string& group) const;

    /// Compares every watched group with the last view and runs the hooks: joins before leaves, then
    /// lost leaderships, then elections. A hook that throws does not hide the other events; its
    /// exception leaves this call after all hooks have run (the first one, when several threw).
    /// Returns the number of hooks that ran.
    std::size_t run_watchers();
    /// Campaigns once in every group with an elected hook, and tells lost leaderships.
    std::size_t run_elect_coordinator();

    /// A lock of its own owner: two Lock objects of one name exclude each other.
    /// Errors: no effect - Error when `name` is empty, NotImplemented.
    std::unique_ptr<Lock> get_lock(const std::string& name);

private:
    std::shared_ptr<detail::CoordinatorCore> core_;
};

}  // namespace conclave
