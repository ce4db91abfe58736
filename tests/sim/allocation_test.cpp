// In a steady state no message costs an allocation.

#include <gtest/gtest.h>

#include <cstdlib>
#include <new>

#include "support.hpp"

namespace {
std::uint64_t allocations = 0;
}

void* operator new(std::size_t bytes) {
    ++allocations;
    if (void* memory = std::malloc(bytes)) return memory;
    throw std::bad_alloc();
}
// What is aligned beyond the usual has an operator of its own.
void* operator new(std::size_t bytes, std::align_val_t alignment) {
    ++allocations;
    const auto align = static_cast<std::size_t>(alignment);
    if (void* memory = std::aligned_alloc(align, (bytes + align - 1) / align * align)) return memory;
    throw std::bad_alloc();
}
void* operator new[](std::size_t bytes) { return operator new(bytes); }
void* operator new[](std::size_t bytes, std::align_val_t alignment) {
    return operator new(bytes, alignment);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

namespace conclave::sim {
namespace {

TEST(Allocation, IsCountedForEveryAlignment) {
    struct alignas(64) Line {
        char bytes[64];
    };
    const std::uint64_t before = allocations;
    // Kept in places that the compiler cannot see through, so that none is left out.
    Line* volatile line = new Line;
    Line* volatile lines = new Line[3];
    char* volatile byte = new char;
    EXPECT_EQ(allocations - before, 3u);
    delete line;
    delete[] lines;
    delete byte;
}

TEST(Allocation, MessagesDeadlinesAndFiberSwitchesCostNone) {
    Pair pair({.link = {.loss = 0.01, .segmentation = 0.1}});
    std::uint64_t round_trips = 0;
    pair.add_echo_server();
    pair.add_client([&](Process& process, Connection& connection) {
        char buffer[64] = {};
        for (;; ++round_trips) {
            const Deadline deadline = process.runtime().after(10s);
            connection.write_all({buffer, sizeof buffer}, deadline);
            for (std::size_t got = 0; got < sizeof buffer;)
                got += connection.read_some(buffer, deadline).bytes;
        }
    });
    pair.run_for(10s);
    const std::uint64_t allocated_before = allocations;
    const std::uint64_t round_trips_before = round_trips;
    pair.run_for(120s);
    EXPECT_EQ(allocations - allocated_before, 0u);
    EXPECT_GT(round_trips - round_trips_before, 10'000u);
}

TEST(Allocation, ReconnectingReusesTheKernelsConnections) {
    Pair pair;
    std::uint64_t connections = 0;
    pair.add_server([](Process& process) { serve(process, echo); });
    pair.world.add_process(pair.client_host, "client", [&](Process& process) {
        for (;; ++connections)
            process.runtime().network.connect(server_endpoint, Deadline::never());
    });
    pair.run_for(1s);
    const std::uint64_t allocated_before = allocations;
    const std::uint64_t connections_before = connections;
    pair.run_for(10s);
    // The handles that the environment hands out: one an end.
    EXPECT_LE(allocations - allocated_before, 2 * (connections - connections_before) + 2);
}

}  // namespace
}  // namespace conclave::sim
