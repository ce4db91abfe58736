#pragma once

// What the seed's face adds to a client: operations in order, hooks, and the views they compare. On
// fibers of the runtime.

#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "../client/client_core.hpp"
#include "conclave/coordinator.hpp"
#include "conclave/fiber.hpp"

namespace conclave::detail {

/// One registered hook.
template <class Event>
struct Watch {
    WatchId id;
    Hook<Event> hook;
};
template <class Event>
using Watches = std::map<std::string, std::vector<Watch<Event>>>;

using Capabilities = std::map<std::string, Value>;

/// What was seen of a group; capabilities only where somebody follows it.
struct View {
    std::set<std::string> members;
    Capabilities capabilities;
};

/// A partitioner. It is told whenever the group is not as it read it, not when two views differ: its
/// own read is younger than the view that made it read, and what it saw may have gone by the next.
struct Follower {
    WatchId id;
    std::function<void()> read;  ///< the group; throws when it could not
    std::shared_ptr<const Capabilities> known;  ///< its last read; on fibers of the runtime
    bool agrees_with(const View& view) const;
};
using Followers = std::map<std::string, std::vector<Follower>>;

class Acquisition;
class HookRun;

class CoordinatorCore : public std::enable_shared_from_this<CoordinatorCore> {
public:
    explicit CoordinatorCore(std::shared_ptr<ClientCore> client);

    ClientCore& client() noexcept { return *client_; }
    const std::shared_ptr<ClientCore>& shared_client() const noexcept { return client_; }
    Runtime& runtime() noexcept { return client_->runtime(); }

    // Operations of one coordinator run one after the other (operation_queue.cpp).
    void enqueue(std::function<void()> job);
    bool wait_for_operations(Deadline deadline);
    /// For a process that died: what is queued keeps the core, and the core keeps the queue.
    void forget_operations() noexcept;

    /// `caller`, see running_caller(), may be a callback or run hooks, and is not waited for (stop.cpp).
    StopReport stop(Duration limit, const void* caller);

    // Hooks run on their callers' threads (stop.cpp). Any thread.
    /// Errors: no effect - Cancelled when none may begin any more.
    void require_hooks() const;
    void hooks_begin(const void* caller);
    void hooks_end(const void* caller);

    // Watchers and elections (watchers.cpp).
    HookRun look_at_groups(Deadline deadline);
    HookRun look_at_elections();
    bool stand_down(const std::string& group);
    /// What a campaign that nobody follows any more may have won is given back.
    void end_campaign_if_unwatched(const std::string& group);
    bool is_leader(const std::string& group) const noexcept;
    /// The current or last leadership of `group`; null when there was none.
    std::shared_ptr<const Hold> leadership(const std::string& group) const;
    std::set<std::string> view(const std::string& group) const;
    void init_watch(const std::string& group);
    /// The same for a follower, for which the view has capabilities too.
    void init_follower(const std::string& group);
    void forget_view_if_unwatched(const std::string& group);

    Watches<MemberJoinedGroup> join_watches;
    Watches<MemberLeftGroup> leave_watches;
    Watches<LeaderElected> elected_watches;
    Watches<LeadershipLost> lost_watches;
    Followers followers;
    std::uint64_t next_watch = 1;

    /// Of every member. Those that cannot be read are null: no member can stop the others.
    Capabilities read_capabilities(const std::string& group, Deadline deadline);

private:
    void work();
    bool hooks_of_others(const void* caller) const;
    bool wait_for_hooks(const void* caller, Deadline deadline);
    StopReport after_another_stop(Deadline deadline, const void* caller);
    StopReport with_hooks(StopReport report, const void* caller) const;
    View look(const std::string& group, Deadline deadline);
    void watch_alone();
    void compare_leaderships(HookRun& run);
    void compare_view(const std::string& group, Deadline deadline, HookRun& run);
    void tell_lost_leadership(HookRun& run);
    void campaign(HookRun& run);
    std::shared_ptr<Hold> campaign(const std::string& group);

    const std::shared_ptr<ClientCore> client_;
    std::deque<std::function<void()>> operations_;
    bool working_ = false;
    std::atomic<bool> stopping_ = false;
    WaitList idle_;
    std::vector<const void*> hook_callers_;  ///< whose hooks run
    FiberMutex watching_;  ///< one pass over the views at a time
    std::map<std::string, std::shared_ptr<Hold>> leaderships_;
    std::map<std::string, std::shared_ptr<Hold>> last_leaderships_;
    std::map<std::string, std::shared_ptr<Acquisition>> campaigns_;  ///< not answered yet
    std::map<std::string, View> views_;
};

/// While it lives, the caller runs hooks and stop() waits for it.
class HooksRunning {
public:
    explicit HooksRunning(CoordinatorCore& core) : core_(core) { core_.hooks_begin(caller_); }
    ~HooksRunning() { core_.hooks_end(caller_); }
    HooksRunning(const HooksRunning&) = delete;
    HooksRunning& operator=(const HooksRunning&) = delete;

private:
    CoordinatorCore& core_;
    const void* const caller_ = running_caller();
};

}  // namespace conclave::detail
