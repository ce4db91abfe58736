#pragma once

// One watch of one group: looks at it again and again, and queues what changed. On fibers of the
// runtime, but for the callback and the two flags around it.

#include <atomic>
#include <deque>
#include <exception>

#include "client_core.hpp"
#include "hints.hpp"
#include "interrupt.hpp"

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
    /// `interrupt`, if any, ends the waiting: then it throws Cancelled, and no event is lost.
    std::optional<GroupEvent> next(Deadline deadline, Interrupt* interrupt = nullptr);
    /// Never parks.
    void close() noexcept;
    /// Until no callback of another than `caller` runs; false at the deadline.
    bool wait_for_others(const void* caller, Deadline deadline);
    const std::string& group() const noexcept { return group_; }

    // Any thread.
    /// No callback begins any more.
    void forbid() noexcept { closed_ = true; }
    /// Who runs the callback, see running_caller(); null when nobody does.
    const void* caller() const noexcept { return caller_; }
    /// Blocks the thread until the callback has ended, unless it is the callback's own.
    void wait_on_this_thread() const noexcept;

private:
    static constexpr std::size_t queue_max = 1000;
    struct Delivery;

    Wake rest();
    void look();
    void note(const std::set<MemberId>& members, TimePoint asked);
    void push(GroupEvent event);
    void resync();
    void deliver_queued();
    void hand_over(const GroupEvent& event);
    void run_callback(const GroupEvent& event);
    std::string failure_of_callback(const GroupEvent& event) const;
    void end_delivery(const char* trouble, const std::string& what, bool lost);

    ClientCore& client_;
    const std::weak_ptr<ClientCore> client_for_threads_;  ///< and for fibers that may outlive it
    const std::string group_;
    const WatchDelivery delivery_;
    std::deque<GroupEvent> queue_;
    std::set<MemberId> view_;
    TimePoint asked_{};  ///< for the view
    std::uint64_t revision_ = 0;
    bool pending_ = false;    ///< an event is with the executor
    bool gap_ = false;        ///< changes may have been missed since the last look
    bool troubled_ = false;   ///< the last delivery failed, and that was told
    Hints* hints_ = nullptr;  ///< of look_around(), while it runs
    WaitList readers_;
    Latch ended_;            ///< closed, or the client stops
    WaitList finished_;      ///< a delivery has ended
    // Any thread. A callback says that it runs before it looks whether it still may, and who closes
    // forbids before it looks whether one runs: so none begins unseen.
    std::atomic<const void*> caller_ = nullptr;
    std::atomic<bool> closed_ = false;
};

}  // namespace conclave::detail
