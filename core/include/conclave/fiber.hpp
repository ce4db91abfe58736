#pragma once

// The fiber core, for implementers of Scheduler only: pooled stacks and the switch between the
// scheduler's loop (the hub) and a fiber. One FiberCore per thread that runs fibers.

#include <cstddef>
#include <cstdint>
#include <utility>

#include "conclave/scheduler.hpp"

namespace conclave::detail {

/// Thrown at the park point of a fiber whose simulated process died. Not a std::exception on
/// purpose: nothing but the fiber's entry may swallow it.
struct Killed {};

enum class FiberState : std::uint8_t { fresh, ready, running, parked, finished };

/// What the C++ runtime keeps per thread and we keep per fiber: not swapped, a fiber parked inside
/// a catch block would rethrow another fiber's exception. Source: Itanium C++ ABI, Exception
/// Handling, section 2.2.2 (__cxa_eh_globals).
struct ExceptionState {
    void* caught = nullptr;
    unsigned in_flight = 0;
};

/// A fiber's control block; lives on the top of its own stack.
struct Fiber {
    void* context = nullptr;  ///< where to resume
    ExceptionState exception_state;
    void (*entry)(void*, bool) = nullptr;  ///< runs the body when told to, then destroys it
    void* storage = nullptr;               ///< the body
    TaskGroup* group = nullptr;
    Scheduler* scheduler = nullptr;
    Fiber* group_previous = nullptr;
    Fiber* group_next = nullptr;
    Fiber* queue_next = nullptr;      ///< the scheduler's ready queue
    Fiber* owner_previous = nullptr;  ///< the scheduler's list of live fibers
    Fiber* owner_next = nullptr;
    std::uint64_t id = 0;     ///< ordinal in its core: deterministic
    std::uint64_t timer = 0;  ///< the scheduler's handle of the pending deadline, 0 none
    FiberState state = FiberState::fresh;
    Wake wake = Wake::notified;  ///< set by the scheduler before it resumes
    bool permit = false;         ///< an unpark() that found the fiber not parked
    bool cancelled = false;
    bool killed = false;
    bool shielded = false;  ///< in a call that nothing may be thrown through: not unwound when killed
    bool refused = false;             ///< parked while unwinding or dying: never switched
    void* stack = nullptr;            ///< its pool slot
    void* sanitizer_stack = nullptr;  ///< ASan's fake stack
    void* sanitizer_fiber = nullptr;  ///< TSan's handle, pooled with the stack
};

class FiberCore {
public:
    FiberCore();
    ~FiberCore();
    FiberCore(const FiberCore&) = delete;
    FiberCore& operator=(const FiberCore&) = delete;

    /// Takes a stack for a body of `bytes` bytes and fills in a fresh fiber.
    FiberSlot allocate(Scheduler& scheduler, std::size_t bytes, void (*entry)(void*, bool));
    /// Runs `fiber` on this thread until it suspends or ends; only from the hub.
    /// Returns true when it has ended: its control block is then still readable until the next
    /// allocate().
    bool resume(Fiber& fiber) {
        FiberCore* const previous = enter(fiber);
        fiber.context = jump_to_fiber(fiber);
        leave(fiber, previous);
        if (fiber.state != FiberState::finished) return false;
        recycle(fiber);
        return true;
    }
    /// Back to the hub; only from a fiber. Throws Killed when the fiber was killed meanwhile. Does not
    /// switch, and returns false, while an exception unwinds, or where none may be thrown.
    bool suspend() {
        if (thread_exceptions_->in_flight > 0) return refuse();
        if (current_->killed) return die();
        hub_context_ = jump_to_hub(false);
        if (current_->killed) return die();
        return true;
    }
    /// The fiber running on this core, or null in the hub.
    Fiber* current() const noexcept { return current_; }
    std::size_t live() const noexcept { return live_; }

private:
    struct StackPool;
    friend struct FiberEntry;

    // resume() and suspend() are inline, and the jumps end in tail calls, because a return executed
    // after a jump finds another stack's call at the top of the processor's return predictor: each
    // such return costs as much as the jump itself. Both jumps return where the other side stands.
    FiberCore* enter(Fiber& fiber);
    void* jump_to_fiber(Fiber& fiber);
    void* jump_to_hub(bool finished);
    void leave(Fiber& fiber, FiberCore* previous) noexcept {
        fiber.exception_state = std::exchange(*thread_exceptions_, hub_exceptions_);
        current_ = nullptr;
        *thread_running_ = previous;
    }
    bool refuse() noexcept;
    bool die();
    void finish(Fiber& fiber);
    void recycle(Fiber& fiber) noexcept;

    StackPool* pool_;
    Fiber* current_ = nullptr;
    void* hub_context_ = nullptr;
    ExceptionState hub_exceptions_;
    ExceptionState* thread_exceptions_ = nullptr;  ///< of the thread in resume()
    FiberCore** thread_running_ = nullptr;         ///< likewise
    void* hub_sanitizer_stack_ = nullptr;
    void* hub_sanitizer_fiber_ = nullptr;
    const void* hub_stack_bottom_ = nullptr;
    std::size_t hub_stack_size_ = 0;
    std::uint64_t next_id_ = 1;
    std::size_t live_ = 0;
};

/// The core whose fiber is running on this thread, or null.
FiberCore* running_core() noexcept;
/// The fiber running on this thread, or null.
Fiber* running_fiber() noexcept;
/// Tell threads apart, and callers: the fiber, or the ordinary thread, that runs now. Only to be
/// compared.
const void* running_thread() noexcept;
const void* running_caller() noexcept;

}  // namespace conclave::detail
