#include "allocation_count.hpp"

#include <cstdlib>
#include <new>

namespace {
std::uint64_t allocations = 0;
}

namespace conclave::testing {
std::uint64_t allocation_count() noexcept { return allocations; }
}  // namespace conclave::testing

void* operator new(std::size_t bytes) {
    ++allocations;
    if (void* memory = std::malloc(bytes == 0 ? 1 : bytes)) return memory;
    throw std::bad_alloc();
}
// The standard's own does the same, but not under a sanitizer.
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept {
    ++allocations;
    return std::malloc(bytes == 0 ? 1 : bytes);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
