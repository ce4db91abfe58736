#pragma once

// Clocks, random bits and the silent observer of the production world.

#include <array>
#include <cstddef>

#include "conclave/environment.hpp"

namespace conclave::detail {

/// CLOCK_BOOTTIME: a lease must also run out while the host sleeps.
class SystemClock final : public Clock {
public:
    TimePoint now() const noexcept override;
};

class SystemWallClock final : public WallClock {
public:
    WallTime now() const noexcept override;
};

/// The kernel's random bits, fetched 512 bytes at a time.
class SystemRandom final : public Random {
public:
    std::uint64_t next() noexcept override;

private:
    std::array<std::uint64_t, 64> words_{};
    std::size_t used_ = 64;
};

class SilentObserver final : public Observer {
public:
    void event(const Event&) noexcept override {}
};

}  // namespace conclave::detail
