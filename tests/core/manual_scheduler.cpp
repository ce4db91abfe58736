#include "manual_scheduler.hpp"

#include "conclave/assert.hpp"

namespace conclave::testing {

using detail::Fiber;
using detail::FiberState;

Wake ManualScheduler::park(Deadline deadline) {
    Fiber& self = *core_.current();
    if (self.cancelled) return Wake::cancelled;
    if (std::exchange(self.permit, false)) return Wake::notified;
    // Also forgotten when suspend() throws because the fiber was killed.
    struct Registered {
        ManualScheduler& owner;
        std::pair<TimePoint, std::uint64_t> key;
        ~Registered() { owner.deadlines_.erase(key); }
    } registered{*this, {deadline.at(), self.id}};
    if (!deadline.is_never()) deadlines_.emplace(registered.key, &self);
    self.wake = Wake::notified;
    self.state = FiberState::parked;
    if (!core_.suspend()) {
        self.state = FiberState::running;
        return Wake::cancelled;
    }
    return self.cancelled ? Wake::cancelled : self.wake;
}

void ManualScheduler::yield() {
    make_ready(*core_.current());
    core_.suspend();
}

void ManualScheduler::unpark(Fiber& fiber) noexcept {
    if (dead_) return;
    if (fiber.state == FiberState::parked)
        make_ready(fiber);
    else
        fiber.permit = true;
}

void ManualScheduler::start(Fiber& fiber) {
    fiber.owner_next = newest_;
    if (newest_) newest_->owner_previous = &fiber;
    newest_ = &fiber;
    if (!dead_) make_ready(fiber);
}

void ManualScheduler::make_ready(Fiber& fiber) noexcept {
    fiber.state = FiberState::ready;
    fiber.queue_next = nullptr;
    (ready_last_ ? ready_last_->queue_next : ready_first_) = &fiber;
    ready_last_ = &fiber;
}

bool ManualScheduler::resume(Fiber& fiber) {
    if (!core_.resume(fiber)) return false;
    (fiber.owner_previous ? fiber.owner_previous->owner_next : newest_) = fiber.owner_next;
    if (fiber.owner_next) fiber.owner_next->owner_previous = fiber.owner_previous;
    return true;
}

void ManualScheduler::run() {
    while (Fiber* const fiber = ready_first_) {
        ready_first_ = fiber->queue_next;
        if (!ready_first_) ready_last_ = nullptr;
        resume(*fiber);
    }
}

void ManualScheduler::fire_earliest() {
    const TimePoint at = deadlines_.begin()->first.first;
    if (at > now_) now_ = at;
    // All of one instant before any of them runs: that is where the races are.
    while (!deadlines_.empty() && deadlines_.begin()->first.first == at) {
        Fiber* const fiber = deadlines_.begin()->second;
        deadlines_.erase(deadlines_.begin());
        if (fiber->state != FiberState::parked) continue;
        fiber->wake = Wake::timed_out;
        make_ready(*fiber);
    }
}

void ManualScheduler::advance(Duration length) {
    const TimePoint target = now_ + length;
    run();
    while (!deadlines_.empty() && deadlines_.begin()->first.first <= target) {
        fire_earliest();
        run();
    }
    now_ = target;
}

void ManualScheduler::run_all() {
    run();
    while (!deadlines_.empty()) {
        fire_earliest();
        run();
    }
}

void ManualScheduler::kill_all() {
    dead_ = true;
    ready_first_ = ready_last_ = nullptr;
    while (newest_) {
        newest_->killed = true;
        const bool ended = resume(*newest_);
        CONCLAVE_ASSERT(ended);
    }
    dead_ = false;
}

}  // namespace conclave::testing
