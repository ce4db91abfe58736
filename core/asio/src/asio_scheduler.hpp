#pragma once

// Runs fibers between the turns of an io_context. Single-threaded but for post().

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <mutex>

#include "conclave/environment.hpp"
#include "conclave/fiber.hpp"
#include "timer_heap.hpp"

namespace conclave::detail {

/// The way in for other threads; outlives the scheduler for those that come late.
class Inbox {
public:
    explicit Inbox(boost::asio::io_context& context) noexcept : context_(&context) {}
    /// Runs `task` on the scheduler's thread, outside any fiber; false once closed.
    bool post(std::function<void()> task);
    void close();

private:
    std::mutex mutex_;
    boost::asio::io_context* context_;
};

class AsioScheduler final : public Scheduler {
public:
    explicit AsioScheduler(const Clock& clock);
    ~AsioScheduler() override;

    Wake park(Deadline deadline) override;
    void unpark(Fiber& fiber) noexcept override;
    void start(Fiber& fiber) override;
    FiberCore& core() noexcept override { return core_; }

    /// Counts an operation that did not park; now and then lets the other fibers run, so that a
    /// peer that always has data cannot starve them.
    void relax();

    /// Runs the fibers that are ready now; those they wake have to wait for the next call.
    void run_ready();
    /// Makes ready what deadlines and the system's events wake; waits for the next of them, at most
    /// a second, when no fiber is ready.
    void collect_events();
    /// Unwinds every fiber at its park point, the newest first.
    void kill_all();

    boost::asio::io_context& context() noexcept { return context_; }
    const std::shared_ptr<Inbox>& inbox() const noexcept { return inbox_; }

private:
    void make_ready(Fiber& fiber) noexcept;
    void resume(Fiber& fiber);
    void fire_due();

    const Clock& clock_;
    boost::asio::io_context context_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    std::shared_ptr<Inbox> inbox_;
    FiberCore core_;
    TimerHeap timers_;
    Fiber* ready_first_ = nullptr;
    Fiber* ready_last_ = nullptr;
    Fiber* newest_ = nullptr;
    int operations_ = 0;
    bool dead_ = false;
};

}  // namespace conclave::detail
