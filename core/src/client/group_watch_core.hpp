#pragma once

// One watch of one group: looks at it again and again, and queues what changed. On fibers of the
// runtime, but for the callback and the two flags around it.

#include <atomic>
#include <deque>
#include <exception>

#include "client_core.hpp"

namespace conclave::detail {

/// Where the events of a watch go when they are not pulled.
struct WatchDelivery {
    Executor executor;
    std::function<void(const GroupEvent&)> callback;
};

class GroupWatchCore : public std::enable_shared_from_this<GroupWatchCore> {
public:
    GroupWatchCore(ClientCore& client, std::string group, WatchDelivery delivery);

    /// The snapshot. Throws what get_members throws.
    void begin();
    /// Looks, until closed or the client stops, and delivers.
    void look_around();
    std::optional<GroupEvent> next(Deadline deadline);
    /// Never parks.
    void close() noexcept;
    /// Until no callback runs; false at the deadline.
    bool wait_idle(Deadline deadline);
    const std::string& group() const noexcept { return group_; }

private:
    static constexpr std::size_t queue_max = 1000;

    void look();
    void note(const std::set<MemberId>& members);
    void push(GroupEvent event);
    void resync();
    void deliver_queued();
    void hand_over(const GroupEvent& event);
    void run_callback(const GroupEvent& event) noexcept;

    ClientCore& client_;
    const std::weak_ptr<ClientCore> client_for_threads_;
    const std::string group_;
    const WatchDelivery delivery_;
    std::deque<GroupEvent> queue_;
    std::set<MemberId> view_;
    std::uint64_t revision_ = 0;
    bool pending_ = false;   ///< an event is with the executor
    bool gap_ = false;       ///< changes may have been missed since the last look
    WaitList readers_;
    Latch ended_;            ///< closed, or the client stops
    WaitList finished_;      ///< a callback has ended
    // Any thread. A callback says that it runs before it looks whether it still may, and close()
    // forbids before it looks whether one runs: so none begins unseen.
    std::atomic<bool> running_ = false;
    std::atomic<bool> closed_ = false;
};

}  // namespace conclave::detail
