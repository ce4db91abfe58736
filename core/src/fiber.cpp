#include "conclave/fiber.hpp"

#include <cxxabi.h>

#include <boost/context/detail/fcontext.hpp>
#include <cstring>
#include <exception>
#include <new>

#include "conclave/assert.hpp"
#include "sanitizer.hpp"
#include "stack_pool.hpp"

namespace conclave::detail {

namespace context = boost::context::detail;

namespace {
thread_local FiberCore* running = nullptr;

constexpr std::size_t alignment = 64;

// What the C++ runtime keeps per thread: the stack of caught exceptions and the count of those in
// flight. Not swapped, a fiber parked inside a catch block would rethrow another fiber's exception.
constexpr std::size_t exception_state_bytes = 2 * sizeof(void*);

std::byte* align_down(std::byte* address) {
    return reinterpret_cast<std::byte*>(reinterpret_cast<std::uintptr_t>(address) &
                                        ~(alignment - 1));
}

StackPool::Stack& stack_of(const Fiber& fiber) {
    return *static_cast<StackPool::Stack*>(fiber.stack);
}

void swap_exception_state(void* globals, void** save, void** load) noexcept {
    std::memcpy(save, globals, exception_state_bytes);
    std::memcpy(globals, load, exception_state_bytes);
}
}  // namespace

FiberCore* running_core() noexcept { return running; }
Fiber* running_fiber() noexcept { return running ? running->current() : nullptr; }

struct FiberCore::StackPool : conclave::detail::StackPool {};

/// The first frame of every fiber.
struct FiberEntry {
    static void run(context::transfer_t transfer) {
        FiberCore& core = *static_cast<FiberCore*>(transfer.data);
        core.hub_context_ = transfer.fctx;
        sanitizer_finish_switch(nullptr, &core.hub_stack_bottom_, &core.hub_stack_size_);
        body(*core.current_);
        core.switch_out(true);
    }

    // noexcept: an exception that escapes a body has no handler above it.
    static void body(Fiber& fiber) noexcept {
        try {
            fiber.entry(fiber.storage, !fiber.killed);
        } catch (const Killed&) {
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

bool FiberCore::resume(Fiber& fiber) {
    CONCLAVE_ASSERT(!current_, fiber.id);
    FiberCore* const previous = running;
    running = this;
    current_ = &fiber;
    fiber.state = FiberState::running;
    exception_globals_ = abi::__cxa_get_globals();
    swap_exception_state(exception_globals_, hub_exception_state_, fiber.exception_state);
    hub_sanitizer_fiber_ = sanitizer_current_fiber();
    sanitizer_switch_fiber(fiber.sanitizer_fiber);
    sanitizer_start_switch(&hub_sanitizer_stack_, stack_of(fiber).bottom, StackPool::stack_bytes);
    const context::transfer_t back = context::jump_fcontext(fiber.context, this);
    sanitizer_finish_switch(hub_sanitizer_stack_, nullptr, nullptr);
    current_ = nullptr;
    running = previous;
    if (fiber.state == FiberState::finished) {
        std::memcpy(exception_globals_, hub_exception_state_, exception_state_bytes);
        sanitizer_clean_stack(stack_of(fiber).bottom, StackPool::stack_bytes);
        pool_->give_back(&stack_of(fiber));
        --live_;
        return true;
    }
    fiber.context = back.fctx;
    swap_exception_state(exception_globals_, fiber.exception_state, hub_exception_state_);
    return false;
}

void FiberCore::switch_out(bool finished) noexcept {
    Fiber& fiber = *current_;
    if (finished) {
        if (fiber.group) fiber.group->remove(fiber);
        fiber.state = FiberState::finished;
    }
    sanitizer_switch_fiber(hub_sanitizer_fiber_);
    sanitizer_start_switch(finished ? nullptr : &fiber.sanitizer_stack, hub_stack_bottom_,
                           hub_stack_size_);
    const context::transfer_t back = context::jump_fcontext(hub_context_, nullptr);
    sanitizer_finish_switch(fiber.sanitizer_stack, &hub_stack_bottom_, &hub_stack_size_);
    hub_context_ = back.fctx;
}

bool FiberCore::suspend() {
    Fiber& fiber = *current_;
    if (std::uncaught_exceptions() > 0) {
        fiber.refused = true;
        return false;
    }
    if (fiber.killed) throw Killed{};
    switch_out(false);
    if (fiber.killed) throw Killed{};
    return true;
}

}  // namespace conclave::detail
