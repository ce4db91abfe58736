#pragma once

// A process's clock as a straight line over world time; every change begins a new line.

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "conclave/sim/world_time.hpp"

namespace conclave::sim {

class LocalClock {
public:
    LocalClock(Duration offset, int rate_ppm) : local_(offset.count()), rate_ppm_(rate_ppm) {}

    std::int64_t local(std::int64_t world) const noexcept {
        const std::int64_t elapsed = world - world_;
        if (frozen_) return local_;
        // Divided piece by piece: exact, and without a 128-bit division on every look at the clock.
        const std::int64_t rest = elapsed % million * rate_ppm_;
        const std::int64_t rounded_down = (rate_ppm_ < 0 ? rest - (million - 1) : rest) / million;
        return local_ + elapsed + elapsed / million * rate_ppm_ + rounded_down;
    }

    /// The first instant of the world at which this clock shows at least `local`; `never` when it
    /// stands still or that is too far away.
    std::int64_t world(std::int64_t local) const noexcept {
        if (local == never || (frozen_ && local > local_)) return never;
        if (local <= local_) return world_;
        std::int64_t at = 0;
        if (__builtin_sub_overflow(local, local_, &at)) return never;
        const std::int64_t rate = million + rate_ppm_;
        const std::int64_t rest = (at % rate * million + rate - 1) / rate;
        if (__builtin_mul_overflow(at / rate, million, &at) ||
            __builtin_add_overflow(at, rest, &at) || __builtin_add_overflow(at, world_, &at))
            return never;
        return at;
    }

    /// The same, and exact also for what it showed before its last change.
    std::int64_t first_shown(std::int64_t local) const noexcept {
        if (local > local_) return world(local);
        std::int64_t end = world_;
        for (auto earlier = earlier_.rbegin(); earlier != earlier_.rend(); ++earlier) {
            const LocalClock line(*earlier);
            if (local > line.local_) return std::min(line.world(local), end);
            end = line.world_;
        }
        return end;
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
    static constexpr std::int64_t million = 1'000'000;

    struct Line {
        std::int64_t world, local;
        int rate_ppm;
    };
    explicit LocalClock(const Line& line)
        : world_(line.world), local_(line.local), rate_ppm_(line.rate_ppm) {}

    void rebase(std::int64_t world_now) {
        earlier_.push_back({world_, local_, rate_ppm_});
        local_ = local(world_now);
        world_ = world_now;
    }

    std::int64_t world_ = 0;
    std::int64_t local_;
    int rate_ppm_;
    bool frozen_ = false;
    std::vector<Line> earlier_;  ///< one for each change
};

}  // namespace conclave::sim
