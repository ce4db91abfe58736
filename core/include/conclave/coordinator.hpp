#pragma once

// The seed's face: one coordinator per member of a service, over one driver. Service authors call
// it. From an ordinary thread a call blocks that thread; from a fiber of the runtime it parks.
// Thread-safety: any thread may call it; hooks run inside the caller of run_watchers().
// Source: tooz coordination.CoordinationDriver; deliberate differences stand at each method.

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "conclave/async_result.hpp"
#include "conclave/client.hpp"
#include "conclave/driver.hpp"
#include "conclave/events.hpp"
#include "conclave/gate.hpp"
#include "conclave/heart.hpp"
#include "conclave/lock.hpp"
#include "conclave/partitioner.hpp"

namespace conclave {

class Coordinator {
public:
    /// `gate` outlives the coordinator. Nothing connects before start().
    Coordinator(Gate& gate, std::unique_ptr<Driver> driver, std::string member_id,
                ClientTimes times = {});
    /// The same with a runtime of its own, which ends with the coordinator and its last Lock.
    /// Errors: no effect - DriverChosenPoorly, what `make_driver` throws.
    Coordinator(std::unique_ptr<OwnedRuntime> runtime, const detail::DriverFactory& make_driver,
                std::string member_id, const std::vector<Requirement>& requirements = {},
                ClientTimes times = {});
    /// On an ordinary thread: stops when still started, within the operation timeout. On a fiber it
    /// must have been stopped, since a destructor cannot park.
    ~Coordinator();
    Coordinator(const Coordinator&) = delete;
    Coordinator& operator=(const Coordinator&) = delete;

    /// Whether somebody must beat for the member: start with a heart, or call heartbeat().
    bool requires_beating() const;
    /// Connects, and beats once. With `start_heart` beats and held leases are renewed by themselves;
    /// without it the caller does so with heartbeat(). Nothing of an earlier start is rejoined.
    /// Blocks and Errors: as Client::start(); none - Error when already started.
    void start(bool start_heart = false);
    /// Begins no operation any more, waits for those under way, leaves every joined group, gives up
    /// every lock, leadership and campaign, and closes. Hooks stay registered, and none begins after
    /// it returned. May be called from a hook, which it does not wait for; waits for another stop()
    /// that is under way. Returns what it could not wait for.
    ///
    /// Blocks:  at most `limit`; what is not given up by then lapses at the backend with its ttl.
    /// Errors:  none - Error when not started. Those of the backend are told to the observer only.
    StopReport stop(Duration limit = std::chrono::seconds(10));
    bool is_started() const;
    const std::string& member_id() const noexcept;
    Claims claims() const;  ///< as Driver::claims()
    std::set<Characteristic> characteristics() const { return claims().characteristics; }
    Heart heart() const { return Heart(core_); }
    /// Renews this member's beat and every held lease once: an exchange for each. Returns the longest
    /// time that may pass before the next call. Errors: unknown - ConnectionError, OperationTimedOut.
    Duration heartbeat();

    /// What gives an AsyncResult begins at once and does not block; one runs after the other, in the
    /// order of the calls, each at most the operation timeout.
    /// Errors:  at the call: none - Error when not started, Cancelled while it stops, NotImplemented.
    ///          At get(): as those of Group; none - those named at each
    AsyncResult<void> create_group(const std::string& group);  ///< GroupAlreadyExist
    AsyncResult<void> delete_group(const std::string& group);  ///< GroupNotCreated, GroupNotEmpty
    AsyncResult<std::vector<std::string>> get_groups();        ///< sorted
    /// GroupNotCreated, MemberAlreadyExist, SerializationError
    AsyncResult<void> join_group(const std::string& group, const Value& capabilities = {});
    /// Joins, creating the group first when it is missing; does not wait a second as the seed does.
    AsyncResult<void> join_group_create(const std::string& group, const Value& capabilities = {});
    AsyncResult<void> leave_group(const std::string& group);  ///< GroupNotCreated, MemberNotJoined
    AsyncResult<std::set<std::string>> get_members(const std::string& group);  ///< GroupNotCreated
    /// GroupNotCreated, MemberNotJoined, SerializationError
    AsyncResult<Value> get_member_capabilities(const std::string& group,
                                               const std::string& member);
    /// GroupNotCreated, SerializationError
    AsyncResult<std::map<std::string, Value>> get_members_with_capabilities(
        const std::string& group);
    /// GroupNotCreated, MemberNotJoined, SerializationError
    AsyncResult<void> update_capabilities(const std::string& group, const Value& capabilities);
    /// A map, see Groups::get_member_info(). GroupNotCreated, MemberNotJoined, SerializationError;
    /// NotImplemented at get() where the backend keeps no more than the capabilities, as on Redis.
    AsyncResult<Value> get_member_info(const std::string& group, const std::string& member);

    /// Who leads `group`; `foreign` when a peer leads that does not leave its id.
    AsyncResult<Leader> get_leader(const std::string& group);
    /// Gives up the leadership of `group`; false when this member did not lead. It stays a candidate.
    /// Blocks for one exchange. Errors: as Leadership::resign(); none - Error when not started.
    bool stand_down_group_leader(const std::string& group);
    /// Whether this member may still act as leader of `group`, by its own clock and without I/O.
    bool is_leader(const std::string& group) const;
    /// When the current leadership of `group` ends unless renewed, or the last one ended; min(): none.
    TimePoint leading_until(const std::string& group) const;
    /// The driver's counter of that leadership; 0 when there was none.
    std::uint64_t leader_token(const std::string& group) const;
    /// Until when `group` is sure to list this member, by the last acknowledged beat. Once passed it
    /// stays, until the next join: others may have seen the member gone.
    TimePoint member_until(const std::string& group) const;

    /// Register a hook for run_watchers(). The first two read the group, and block for that at most
    /// the operation timeout: who is there is no event. Errors: none - of these GroupNotCreated,
    /// ConnectionError, OperationTimedOut, Error when not started; NotImplemented.
    WatchId watch_join_group(const std::string& group, Hook<MemberJoinedGroup> hook);
    WatchId watch_leave_group(const std::string& group, Hook<MemberLeftGroup> hook);
    /// Also makes this member a candidate of the group.
    WatchId watch_elected_as_leader(const std::string& group, Hook<LeaderElected> hook);
    WatchId watch_lost_leadership(const std::string& group, Hook<LeadershipLost> hook);
    /// Each throws WatchCallbackNotFound when `watch` is not registered on `group`. With the last
    /// elected hook of a group its campaign ends: what it may have won is given back in the background.
    void unwatch_join_group(const std::string& group, WatchId watch);
    void unwatch_leave_group(const std::string& group, WatchId watch);
    void unwatch_elected_as_leader(const std::string& group, WatchId watch);
    void unwatch_lost_leadership(const std::string& group, WatchId watch);
    /// The view that the watches of `group` were last told; empty when unwatched.
    std::set<std::string> watched_members(const std::string& group) const;
    /// Compares every watched group with the last view and runs the hooks: joins before leaves, then
    /// lost leaderships, then elections. A hook that throws does not hide the other events; its
    /// exception leaves this call after all hooks have run (the first one, when several threw).
    /// Returns what the hooks returned. `limit` bounds the reading of the views together, by default
    /// to the operation timeout; each campaign may take that again. Callers wait for each other.
    /// Errors: none - Error when not started. Once other events are told: none - ConnectionError,
    /// OperationTimedOut of a view; unknown - the same of a campaign.
    std::vector<Value> run_watchers(std::optional<Duration> limit = std::nullopt);
    /// Campaigns once in every group with an elected hook, and tells lost leaderships: the last two
    /// steps of run_watchers(), with its limits and errors.
    std::vector<Value> run_elect_coordinator();

    /// Joins `group` with a weight, creating it when missing, and shares objects out among its members.
    /// The ring follows the group with each run_watchers(). Errors: as join_group_create(); BadOption.
    std::unique_ptr<Partitioner> join_partitioned_group(
        const std::string& group, std::uint64_t weight = 1,
        std::uint64_t partitions = HashRing::default_partitions);
    /// Stops `partitioner` at once, and leaves. Errors: as leave_group(). The seed's takes the
    /// partitioner alone, and waits for the answer.
    AsyncResult<void> leave_partitioned_group(const std::string& group, Partitioner& partitioner);

    /// A lock of its own owner: two of one name exclude each other. Errors: none - Error when `name`
    /// is empty, NotImplemented.
    std::unique_ptr<Lock> get_lock(const std::string& name);

private:
    std::shared_ptr<detail::CoordinatorCore> core_;
};

}  // namespace conclave
