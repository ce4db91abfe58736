#include <exception>

#include "conclave/assert.hpp"
#include "conclave/fiber.hpp"
#include "conclave/scheduler.hpp"

namespace conclave {

TaskGroup::~TaskGroup() { CONCLAVE_ASSERT(size_ == 0, size_); }

detail::FiberSlot TaskGroup::allocate(std::size_t bytes, void (*entry)(void*, bool)) {
    return scheduler_.core().allocate(scheduler_, bytes, entry);
}

void TaskGroup::launch(detail::Fiber& fiber) {
    fiber.group = this;
    fiber.cancelled = cancelled_;
    fiber.group_next = first_;
    if (first_) first_->group_previous = &fiber;
    first_ = &fiber;
    ++size_;
    scheduler_.start(fiber);
}

void TaskGroup::remove(detail::Fiber& fiber) noexcept {
    (fiber.group_previous ? fiber.group_previous->group_next : first_) = fiber.group_next;
    if (fiber.group_next) fiber.group_next->group_previous = fiber.group_previous;
    if (--size_ == 0 && joiner_) scheduler_.unpark(*joiner_);
}

void TaskGroup::leave() noexcept {
    detail::Fiber* const self = detail::running_fiber();
    CONCLAVE_ASSERT(self && self->group == this);
    remove(*self);
    self->group = nullptr;
}

void TaskGroup::cancel() noexcept {
    cancelled_ = true;
    for (detail::Fiber* fiber = first_; fiber; fiber = fiber->group_next) {
        fiber->cancelled = true;
        scheduler_.unpark(*fiber);
    }
}

void TaskGroup::join() {
    detail::Fiber* const self = detail::running_fiber();
    CONCLAVE_ASSERT(!joiner_);
    if (size_ == 0) return;
    CONCLAVE_ASSERT(self && self->group != this, size_);
    // While an exception unwinds nobody can park: the fibers would outlive what they work on.
    CONCLAVE_ASSERT(std::uncaught_exceptions() == 0, size_);
    // A cancelled joiner still waits: its own park() would return at once, so it is lifted
    // meanwhile.
    struct Lift {
        TaskGroup& group;
        detail::Fiber& fiber;
        bool cancelled;
        ~Lift() {
            group.joiner_ = nullptr;
            fiber.cancelled = fiber.cancelled || cancelled;
        }
    } lift{*this, *self, self->cancelled};
    joiner_ = self;
    self->cancelled = false;
    // A shielded fiber that is killed cannot wait; whoever owns this group dies with it.
    while (size_ > 0 && !self->killed) {
        scheduler_.park(Deadline::never());
        lift.cancelled = lift.cancelled || self->cancelled;
        self->cancelled = false;
    }
}

}  // namespace conclave
