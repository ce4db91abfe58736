#pragma once

// A process's clock as a straight line over world time; every change begins a new line.

#include <cstdint>
#include <limits>

#include "conclave/sim/world_time.hpp"

namespace conclave::sim {

class LocalClock {
public:
    LocalClock(Duration offset, int rate_ppm) : local_(offset.count()), rate_ppm_(rate_ppm) {}

    std::int64_t local(std::int64_t world) const noexcept {
        const std::int64_t elapsed = world - world_;
        if (frozen_) return local_;
        if (rate_ppm_ == 0) [[likely]] return local_ + elapsed;
        return local_ + static_cast<std::int64_t>(static_cast<Wide>(elapsed) *
                                                  (million + rate_ppm_) / million);
    }

    /// The first instant of the world at which this clock shows at least `local`; `never` when it
    /// stands still or that is too far away.
    std::int64_t world(std::int64_t local) const noexcept {
        if (local == never || (frozen_ && local > local_)) return never;
        const Wide elapsed = static_cast<Wide>(local) - local_;
        if (elapsed <= 0) return world_;
        const Wide rate = million + rate_ppm_;
        const Wide at = world_ + (elapsed * million + rate - 1) / rate;
        return at < never ? static_cast<std::int64_t>(at) : never;
    }

    void set_rate(std::int64_t world_now, int rate_ppm) {
        rebase(world_now);
        rate_ppm_ = rate_ppm;
    }
    void step(std::int64_t world_now, Duration by) {
        rebase(world_now);
        local_ += by.count();
    }
    void freeze(std::int64_t world_now) {
        rebase(world_now);
        frozen_ = true;
    }
    void thaw(std::int64_t world_now) {
        world_ = world_now;
        frozen_ = false;
    }

    static constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

private:
    __extension__ using Wide = __int128;
    static constexpr std::int64_t million = 1'000'000;

    void rebase(std::int64_t world_now) {
        local_ = local(world_now);
        world_ = world_now;
    }

    std::int64_t world_ = 0;
    std::int64_t local_;
    int rate_ppm_;
    bool frozen_ = false;
};

}  // namespace conclave::sim
