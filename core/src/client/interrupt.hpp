#pragma once

// Ends one operation's waiting without cancelling its fiber: an exchange with the backend that has
// begun goes on, so that its effect is known and the connection, which others use too, stays whole.
// On the runtime's thread only.

#include <functional>
#include <utility>

#include "conclave/sync.hpp"

namespace conclave::detail {

class Interrupt {
public:
    explicit Interrupt(Scheduler& scheduler) noexcept
        : scheduler_(scheduler), latch_(scheduler) {}

    /// Stays requested. Never parks.
    void request() {
        latch_.set();
        if (wake_) wake_();
    }
    bool requested() const noexcept { return latch_.is_set(); }
    Scheduler& scheduler() noexcept { return scheduler_; }
    /// Parks until `deadline` or the request.
    Wake wait(Deadline deadline) { return latch_.wait(deadline); }

    /// While it lives, a request wakes also who waits for something else.
    class Waking {
    public:
        Waking(Interrupt* interrupt, std::function<void()> wake) : interrupt_(interrupt) {
            if (interrupt_) interrupt_->wake_ = std::move(wake);
        }
        ~Waking() {
            if (interrupt_) interrupt_->wake_ = nullptr;
        }
        Waking(const Waking&) = delete;
        Waking& operator=(const Waking&) = delete;

    private:
        Interrupt* interrupt_;
    };

private:
    Scheduler& scheduler_;
    Latch latch_;
    std::function<void()> wake_;
};

}  // namespace conclave::detail
