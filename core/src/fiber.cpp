#include "conclave/fiber.hpp"

#include <cxxabi.h>

#include <boost/context/detail/fcontext.hpp>
#include <cstdint>
#include <exception>
#include <new>
#include <utility>

#include "conclave/assert.hpp"
#include "sanitizer.hpp"
#include "stack_pool.hpp"

namespace conclave::detail {

namespace context = boost::context::detail;

namespace {
struct ThreadState {
    FiberCore* running = nullptr;
    ExceptionState* exceptions = nullptr;  ///< looked up once: the call costs as much as a jump
};
constinit thread_local ThreadState thread_state;

constexpr std::size_t alignment = 64;

std::byte* align_down(std::byte* address) {
    return reinterpret_cast<std::byte*>(reinterpret_cast<std::uintptr_t>(address) &
                                        ~(alignment - 1));
}

StackPool::Stack& stack_of(const Fiber& fiber) {
    return *static_cast<StackPool::Stack*>(fiber.stack);
}

/// Goes on at `to`; returns, when somebody jumps back, where that one stood.
///
/// The real function returns a pair whose first word is all we want. The System V ABI (x86-64) and
/// AAPCS64 return that word where they return a lone pointer, and seen like this the call can be a
/// tail call: 12 ns instead of 30 for a switch there and back.
inline void* jump(void* to, void* argument) {
    static_assert(sizeof(context::transfer_t) == 2 * sizeof(void*));
    using Function = void* (*)(void*, void*);
    return reinterpret_cast<Function>(reinterpret_cast<void (*)()>(&context::jump_fcontext))(
        to, argument);
}
}  // namespace

FiberCore* running_core() noexcept { return thread_state.running; }
Fiber* running_fiber() noexcept {
    return thread_state.running ? thread_state.running->current() : nullptr;
}

const void* running_thread() noexcept { return &thread_state; }
const void* running_caller() noexcept {
    const Fiber* const fiber = running_fiber();
    return fiber ? fiber : running_thread();
}

struct FiberCore::StackPool : conclave::detail::StackPool {};

/// The first frame of every fiber.
struct FiberEntry {
    static void run(context::transfer_t transfer) {
        FiberCore& core = *static_cast<FiberCore*>(transfer.data);
        core.hub_context_ = transfer.fctx;
        sanitizer_finish_switch(nullptr, &core.hub_stack_bottom_, &core.hub_stack_size_);
        body(*core.current_);
        core.finish(*core.current_);
    }

    // An exception that escapes a body has no handler above it. Caught first: g++ 12 may forget
    // which exception ended a noexcept function, and the program would die without saying why.
    static void body(Fiber& fiber) noexcept {
        try {
            fiber.entry(fiber.storage, !fiber.killed);
        } catch (const Killed&) {
        } catch (...) {
            std::terminate();
        }
    }
};

FiberCore::FiberCore() : pool_(new StackPool) {}

FiberCore::~FiberCore() {
    CONCLAVE_ASSERT(live_ == 0, live_);
    delete pool_;
}

FiberSlot FiberCore::allocate(Scheduler& scheduler, std::size_t bytes, void (*entry)(void*, bool)) {
    auto* stack = pool_->take();
    std::byte* storage = align_down(stack->top() - bytes);
    std::byte* control = align_down(storage - sizeof(Fiber));
    Fiber* fiber = ::new (control) Fiber;
    fiber->entry = entry;
    fiber->storage = storage;
    fiber->scheduler = &scheduler;
    fiber->stack = stack;
    fiber->id = next_id_++;
    fiber->context = context::make_fcontext(
        control, static_cast<std::size_t>(control - stack->bottom), &FiberEntry::run);
    if (!stack->sanitizer_fiber) stack->sanitizer_fiber = sanitizer_create_fiber();
    fiber->sanitizer_fiber = stack->sanitizer_fiber;
    ++live_;
    return {fiber, storage};
}

FiberCore* FiberCore::enter(Fiber& fiber) {
    CONCLAVE_ASSERT(!current_, fiber.id);
    ThreadState& thread = thread_state;
    if (!thread.exceptions)
        thread.exceptions = reinterpret_cast<ExceptionState*>(abi::__cxa_get_globals());
    thread_exceptions_ = thread.exceptions;
    thread_running_ = &thread.running;
    hub_exceptions_ = std::exchange(*thread_exceptions_, fiber.exception_state);
    current_ = &fiber;
    fiber.state = FiberState::running;
    return std::exchange(thread.running, this);
}

void* FiberCore::jump_to_fiber(Fiber& fiber) {
    if constexpr (!sanitized) return jump(fiber.context, this);
    hub_sanitizer_fiber_ = sanitizer_current_fiber();
    sanitizer_switch_fiber(fiber.sanitizer_fiber);
    sanitizer_start_switch(&hub_sanitizer_stack_, stack_of(fiber).bottom, StackPool::stack_bytes);
    void* const context = jump(fiber.context, this);
    sanitizer_finish_switch(hub_sanitizer_stack_, nullptr, nullptr);
    return context;
}

void* FiberCore::jump_to_hub(bool finished) {
    if constexpr (!sanitized) return jump(hub_context_, nullptr);
    Fiber& fiber = *current_;
    sanitizer_switch_fiber(hub_sanitizer_fiber_);
    sanitizer_start_switch(finished ? nullptr : &fiber.sanitizer_stack, hub_stack_bottom_,
                           hub_stack_size_);
    void* const context = jump(hub_context_, nullptr);
    sanitizer_finish_switch(fiber.sanitizer_stack, &hub_stack_bottom_, &hub_stack_size_);
    return context;
}

bool FiberCore::refuse() noexcept {
    current_->refused = true;
    return false;
}

bool FiberCore::die() {
    if (current_->shielded) return refuse();
    throw Killed{};
}

void FiberCore::finish(Fiber& fiber) {
    if (fiber.group) fiber.group->remove(fiber);
    fiber.state = FiberState::finished;
    jump_to_hub(true);
    CONCLAVE_ASSERT(false, fiber.id);  // somebody resumed a fiber that had ended
}

void FiberCore::recycle(Fiber& fiber) noexcept {
    sanitizer_clean_stack(stack_of(fiber).bottom, StackPool::stack_bytes);
    pool_->give_back(&stack_of(fiber));
    --live_;
}

}  // namespace conclave::detail
