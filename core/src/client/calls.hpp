#pragma once

// The calls of the application that are under way on its own fibers, or those of its threads: stop()
// waits for them, and then ends what they wait for. On the runtime's thread only.

#include "conclave/fiber.hpp"
#include "conclave/sync.hpp"

namespace conclave::detail {

class Calls {
public:
    explicit Calls(Scheduler& scheduler) noexcept : scheduler_(scheduler), ended_(scheduler) {}

    /// A call of the running fiber, for as long as it lives. What runs on none cannot wait.
    class Running {
    public:
        explicit Running(Calls& calls) noexcept;
        ~Running();
        Running(const Running&) = delete;
        Running& operator=(const Running&) = delete;

    private:
        friend class Calls;
        Calls& calls_;
        Fiber* const fiber_ = running_fiber();
        Running* previous_ = nullptr;
        Running* next_ = nullptr;
        bool cut_short_ = false;
    };

    /// Until none is left but the running fiber's own; false at the deadline.
    bool wait_for_others(Deadline deadline);
    /// Whatever the others wait for in their calls is cancelled, now and until they return.
    void cancel_others() noexcept;

private:
    bool has_others() const noexcept;

    Scheduler& scheduler_;
    Running* first_ = nullptr;
    WaitList ended_;
};

}  // namespace conclave::detail
