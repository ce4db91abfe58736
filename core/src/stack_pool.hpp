#pragma once

// Fiber stacks: mapped in slabs of 64, recycled last in first out so that their pages stay warm.
// The free list lives outside the stacks, and a guard page below each is set once, when its slab is
// made.

#include <cstddef>
#include <vector>

#include "sanitizer.hpp"

namespace conclave::detail {

class StackPool {
public:
    /// Usable bytes of one stack; the guard page lies below them.
    static constexpr std::size_t stack_bytes = (sanitized ? 256 : 64) * 1024;

    struct Stack {
        std::byte* bottom = nullptr;      ///< lowest usable address
        void* sanitizer_fiber = nullptr;  ///< TSan's handle: costs 0.8 ms to make, so it is pooled
        std::byte* top() const noexcept { return bottom + stack_bytes; }
    };

    StackPool() = default;
    ~StackPool();
    StackPool(const StackPool&) = delete;
    StackPool& operator=(const StackPool&) = delete;

    Stack* take() {
        if (free_.empty()) grow();
        Stack* stack = free_.back();
        free_.pop_back();
        return stack;
    }
    void give_back(Stack* stack) noexcept { free_.push_back(stack); }

private:
    struct Slab;
    void grow();
    std::vector<Slab*> slabs_;
    std::vector<Stack*> free_;  ///< capacity covers every stack: give_back() never allocates
};

}  // namespace conclave::detail
