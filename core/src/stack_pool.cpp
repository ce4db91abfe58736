#include "stack_pool.hpp"

#include <sys/mman.h>

#include <array>
#include <new>

#include "sanitizer.hpp"

namespace conclave::detail {

namespace {
constexpr std::size_t guard_bytes = 4096;
constexpr std::size_t stacks_per_slab = 64;
constexpr std::size_t slot_bytes = guard_bytes + StackPool::stack_bytes;
constexpr std::size_t slab_bytes = slot_bytes * stacks_per_slab;
}  // namespace

struct StackPool::Slab {
    void* memory = nullptr;
    std::array<Stack, stacks_per_slab> stacks;
};

void StackPool::grow() {
    void* memory = ::mmap(nullptr, slab_bytes, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    // A huge page would make one shallow fiber cost 2 MB.
    ::madvise(memory, slab_bytes, MADV_NOHUGEPAGE);
    Slab* slab = slabs_.emplace_back(new Slab{});
    slab->memory = memory;
    free_.reserve(slabs_.size() * stacks_per_slab);
    for (std::size_t i = stacks_per_slab; i-- > 0;) {
        std::byte* slot = static_cast<std::byte*>(memory) + i * slot_bytes;
        // Beyond vm.max_map_count the guard cannot be had; the stack itself still can.
        ::mprotect(slot, guard_bytes, PROT_NONE);
        slab->stacks[i].bottom = slot + guard_bytes;
        free_.push_back(&slab->stacks[i]);
    }
}

StackPool::~StackPool() {
    for (Slab* slab : slabs_) {
        for (Stack& stack : slab->stacks) sanitizer_destroy_fiber(stack.sanitizer_fiber);
        ::munmap(slab->memory, slab_bytes);
        delete slab;
    }
}

}  // namespace conclave::detail
