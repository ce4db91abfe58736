#pragma once

// What the seed's face adds to a client: operations in order, hooks, and the views they compare. On
// fibers of the runtime.

#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "../client/client_core.hpp"
#include "conclave/coordinator.hpp"

namespace conclave::detail {

/// One registered hook.
template <class Event>
struct Watch {
    WatchId id;
    Hook<Event> hook;
};
template <class Event>
using Watches = std::map<std::string, std::vector<Watch<Event>>>;

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

    void stop(Duration limit);

    // Watchers and elections (watchers.cpp).
    HookRun look_at_groups(Deadline deadline);
    HookRun look_at_elections();
    bool stand_down(const std::string& group);
    bool is_leader(const std::string& group) const noexcept;
    /// The current or last leadership of `group`; null when there was none.
    std::shared_ptr<const Hold> leadership(const std::string& group) const;
    std::set<std::string> view(const std::string& group) const;
    void init_watch(const std::string& group);
    void forget_view_if_unwatched(const std::string& group);

    Watches<MemberJoinedGroup> join_watches;
    Watches<MemberLeftGroup> leave_watches;
    Watches<LeaderElected> elected_watches;
    Watches<LeadershipLost> lost_watches;
    std::uint64_t next_watch = 1;

private:
    void work();
    void watch_alone();
    void compare_leaderships(HookRun& run);
    void compare_view(const std::string& group, Deadline deadline, HookRun& run);
    void tell_lost_leadership(HookRun& run);
    void campaign(HookRun& run);

    const std::shared_ptr<ClientCore> client_;
    std::deque<std::function<void()>> operations_;
    bool working_ = false;
    WaitList idle_;
    FiberMutex watching_;  ///< one pass over the views at a time
    std::map<std::string, std::shared_ptr<Hold>> leaderships_;
    std::map<std::string, std::shared_ptr<Hold>> last_leaderships_;
    std::map<std::string, std::string> campaigns_;  ///< group -> owner kept over unknown outcomes
    std::map<std::string, std::set<std::string>> views_;
};

}  // namespace conclave::detail
