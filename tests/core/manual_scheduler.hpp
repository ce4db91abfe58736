#pragma once

// The smallest Scheduler: a ready queue and a clock that a test moves by hand. Single-threaded.

#include <cstdint>
#include <map>
#include <utility>

#include "conclave/environment.hpp"
#include "conclave/fiber.hpp"
#include "conclave/scheduler.hpp"

namespace conclave::testing {

class ManualScheduler final : public Scheduler, public Clock {
public:
    ~ManualScheduler() override { kill_all(); }

    Wake park(Deadline deadline) override;
    void unpark(detail::Fiber& fiber) noexcept override;
    void start(detail::Fiber& fiber) override;
    detail::FiberCore& core() noexcept override { return core_; }
    TimePoint now() const noexcept override { return now_; }

    /// Lets others run; the calling fiber goes to the end of the queue.
    void yield();
    /// Runs ready fibers until none is left; the clock stands still.
    void run();
    /// Moves the clock on by `length`, stopping at every deadline on the way.
    void advance(Duration length);
    /// run(), then from deadline to deadline until nothing is left to do.
    void run_all();
    /// What a crash does: unwinds every fiber, the newest first.
    void kill_all();
    /// Only moves the clock: what a paused process sees when it goes on.
    void jump(Duration length) noexcept { now_ += length; }

private:
    void make_ready(detail::Fiber& fiber) noexcept;
    bool resume(detail::Fiber& fiber);
    void fire_earliest();

    detail::FiberCore core_;
    TimePoint now_{};
    detail::Fiber* ready_first_ = nullptr;
    detail::Fiber* ready_last_ = nullptr;
    detail::Fiber* newest_ = nullptr;
    std::map<std::pair<TimePoint, std::uint64_t>, detail::Fiber*> deadlines_;
    bool dead_ = false;
};

}  // namespace conclave::testing
