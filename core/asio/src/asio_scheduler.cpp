#include "asio_scheduler.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <chrono>
#include <utility>

#include "conclave/assert.hpp"

namespace conclave::detail {

namespace {
// epoll waits by a clock that stands still while the host sleeps and ours does not: after waking up
// a deadline is noticed at most this late.
constexpr Duration longest_wait = std::chrono::seconds(1);
constexpr int operations_in_a_row_max = 64;
}  // namespace

bool Inbox::post(std::function<void()> task) {
    const std::lock_guard lock(mutex_);
    if (!context_) return false;
    boost::asio::post(*context_, std::move(task));
    return true;
}

void Inbox::close() {
    const std::lock_guard lock(mutex_);
    context_ = nullptr;
}

AsioScheduler::AsioScheduler(const Clock& clock)
    : clock_(clock),
      context_(1),
      work_(boost::asio::make_work_guard(context_)),
      inbox_(std::make_shared<Inbox>(context_)) {}

AsioScheduler::~AsioScheduler() { inbox_->close(); }

Wake AsioScheduler::park(Deadline deadline) {
    Fiber& self = *core_.current();
    operations_ = 0;
    if (self.cancelled) return Wake::cancelled;
    if (std::exchange(self.permit, false)) return Wake::notified;
    // Also forgotten when suspend() throws because the fiber was killed.
    struct Forget {
        TimerHeap& timers;
        Fiber& fiber;
        ~Forget() { timers.remove(fiber); }
    } forget{timers_, self};
    if (!deadline.is_never()) timers_.add(self, deadline.at());
    self.wake = Wake::notified;
    self.state = FiberState::parked;
    if (!core_.suspend()) {
        self.state = FiberState::running;
        return Wake::cancelled;
    }
    return self.cancelled ? Wake::cancelled : self.wake;
}

void AsioScheduler::unpark(Fiber& fiber) noexcept {
    if (dead_) return;
    if (fiber.state == FiberState::parked)
        make_ready(fiber);
    else
        fiber.permit = true;
}

void AsioScheduler::start(Fiber& fiber) {
    fiber.owner_next = newest_;
    if (newest_) newest_->owner_previous = &fiber;
    newest_ = &fiber;
    if (!dead_) make_ready(fiber);
}

void AsioScheduler::relax() {
    if (++operations_ < operations_in_a_row_max) return;
    operations_ = 0;
    make_ready(*core_.current());
    if (!core_.suspend()) core_.current()->state = FiberState::running;
}

void AsioScheduler::make_ready(Fiber& fiber) noexcept {
    fiber.state = FiberState::ready;
    fiber.queue_next = nullptr;
    (ready_last_ ? ready_last_->queue_next : ready_first_) = &fiber;
    ready_last_ = &fiber;
}

void AsioScheduler::resume(Fiber& fiber) {
    if (!core_.resume(fiber)) return;
    (fiber.owner_previous ? fiber.owner_previous->owner_next : newest_) = fiber.owner_next;
    if (fiber.owner_next) fiber.owner_next->owner_previous = fiber.owner_previous;
}

void AsioScheduler::run_ready() {
    // Only those that are ready now: fibers that wake each other must not keep the system waiting.
    Fiber* const last = ready_last_;
    while (Fiber* const fiber = ready_first_) {
        ready_first_ = fiber->queue_next;
        if (!ready_first_) ready_last_ = nullptr;
        const bool done = fiber == last;
        resume(*fiber);
        if (done) return;
    }
}

void AsioScheduler::fire_due() {
    const TimePoint now = clock_.now();
    while (!timers_.empty() && timers_.earliest() <= now) {
        Fiber& fiber = timers_.earliest_fiber();
        timers_.remove(fiber);
        if (fiber.state != FiberState::parked) continue;
        fiber.wake = Wake::timed_out;
        make_ready(fiber);
    }
}

void AsioScheduler::collect_events() {
    Duration wait = ready_first_ ? Duration::zero() : longest_wait;
    if (wait > Duration::zero() && !timers_.empty())
        wait = std::min(wait, timers_.earliest() - clock_.now());
    // One or the other: each of them asks the system. What one handler leaves behind comes next.
    if (wait > Duration::zero()) context_.run_one_for(wait);
    else context_.poll();
    if (!timers_.empty()) fire_due();
}

void AsioScheduler::kill_all() {
    dead_ = true;
    ready_first_ = ready_last_ = nullptr;
    while (newest_) {
        Fiber* const fiber = newest_;
        fiber->killed = true;
        resume(*fiber);
        CONCLAVE_ASSERT(newest_ != fiber);
    }
    dead_ = false;
}

}  // namespace conclave::detail
