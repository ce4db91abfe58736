#include "calls.hpp"

#include "conclave/scheduler.hpp"

namespace conclave::detail {

Calls::Running::Running(Calls& calls) noexcept : calls_(calls), next_(calls.first_) {
    if (!fiber_) return;
    if (next_) next_->previous_ = this;
    calls.first_ = this;
}

// The fiber is its owner's, and goes on.
Calls::Running::~Running() {
    if (!fiber_) return;
    if (cut_short_) fiber_->cancelled = fiber_->group && fiber_->group->cancelled();
    (previous_ ? previous_->next_ : calls_.first_) = next_;
    if (next_) next_->previous_ = previous_;
    calls_.ended_.notify_all();
}

bool Calls::has_others() const noexcept {
    const Fiber* const own = running_fiber();
    for (const Running* each = first_; each; each = each->next_)
        if (each->fiber_ != own) return true;
    return false;
}

bool Calls::wait_for_others(Deadline deadline) {
    while (has_others())
        if (ended_.wait(deadline) != Wake::notified) return false;
    return true;
}

void Calls::cancel_others() noexcept {
    const Fiber* const own = running_fiber();
    for (Running* each = first_; each; each = each->next_) {
        if (each->fiber_ == own) continue;
        each->cut_short_ = true;
        each->fiber_->cancelled = true;
        scheduler_.unpark(*each->fiber_);
    }
}

}  // namespace conclave::detail
