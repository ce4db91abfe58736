#pragma once

// Fibers and who runs them. A fiber is straight-line code on its own stack that gives up control
// only where it parks. Scheduler is the environment interface; TaskGroup owns the fibers of one
// piece of state and is cancelled and joined before that state dies: there are no detached fibers.
// Fibers never change their thread.

#include <cstddef>
#include <cstdint>
#include <new>
#include <type_traits>
#include <utility>

#include "conclave/time.hpp"

namespace conclave {

class TaskGroup;
namespace detail {
struct Fiber;
class FiberCore;
/// A fresh fiber whose stack has `bytes` of room for its body; see fiber.hpp.
struct FiberSlot {
    Fiber* fiber;
    void* storage;
};
}  // namespace detail

/// Why park() returned.
enum class Wake : std::uint8_t { notified, timed_out, cancelled };

/// Runs the fibers of one process. Implemented by AsioScheduler and SimScheduler.
///
/// Guarantees: park() returns `cancelled` at once, and every time, after the fiber's group was
/// cancelled, also when an unpark() came before; an unpark() of a fiber that is not parked is
/// remembered, once, for its next park() and goes before a deadline that has passed. Deadlines fire
/// in their order and never early.
/// Requires: park() is never called in a destructor, a noexcept function or a catch block.
class Scheduler {
public:
    virtual ~Scheduler() = default;
    /// Suspends the calling fiber until unpark(), cancellation or `deadline`.
    virtual Wake park(Deadline deadline) = 0;
    /// Makes `fiber` runnable. Never switches fibers itself.
    virtual void unpark(detail::Fiber& fiber) noexcept = 0;
    /// Queues a fresh fiber made by TaskGroup::spawn().
    virtual void start(detail::Fiber& fiber) = 0;
    /// The fibers' common core: stacks and the switch.
    virtual detail::FiberCore& core() noexcept = 0;
};

/// Owns fibers: all of them have ended when join() returns. Used from one runtime only.
class TaskGroup {
public:
    explicit TaskGroup(Scheduler& scheduler) noexcept : scheduler_(scheduler) {}
    ~TaskGroup();
    TaskGroup(const TaskGroup&) = delete;
    TaskGroup& operator=(const TaskGroup&) = delete;

    /// Starts `body` as a fiber of this group. The body is moved onto the fiber's own stack; an
    /// exception that escapes it ends the program.
    template <class Body>
    void spawn(Body body) {
        using Stored = std::decay_t<Body>;
        static_assert(sizeof(Stored) <= 4096, "capture less, or by reference");
        static_assert(alignof(Stored) <= 16);
        detail::FiberSlot slot = allocate(sizeof(Stored), [](void* storage, bool run) {
            Stored& stored = *static_cast<Stored*>(storage);
            struct Destroy {
                Stored& target;
                ~Destroy() { target.~Stored(); }
            } destroy{stored};
            if (run) stored();
        });
        ::new (slot.storage) Stored(std::move(body));
        launch(*slot.fiber);
    }

    /// Asks every fiber, present and future, to end: each park() returns `cancelled`.
    void cancel() noexcept;
    bool cancelled() const noexcept { return cancelled_; }

    /// Parks until no fiber of this group is left. Called from a fiber outside the group, never
    /// while an exception unwinds; not interruptible, so cancel() first unless the fibers end by
    /// themselves.
    void join();

    /// The calling fiber, of this group, ends what owns the group: it goes on without one, and nobody
    /// waits for it any more.
    void leave() noexcept;

    std::size_t size() const noexcept { return size_; }
    Scheduler& scheduler() const noexcept { return scheduler_; }

private:
    friend class detail::FiberCore;
    void remove(detail::Fiber& fiber) noexcept;
    detail::FiberSlot allocate(std::size_t bytes, void (*entry)(void*, bool));
    void launch(detail::Fiber& fiber);

    Scheduler& scheduler_;
    detail::Fiber* first_ = nullptr;
    detail::Fiber* joiner_ = nullptr;
    std::size_t size_ = 0;
    bool cancelled_ = false;
};

}  // namespace conclave
