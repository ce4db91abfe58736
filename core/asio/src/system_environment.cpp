#include "system_environment.hpp"

#include <sys/random.h>
#include <time.h>

#include <cerrno>

#include "conclave/assert.hpp"

namespace conclave::detail {

namespace {
std::int64_t read_clock(clockid_t clock) noexcept {
    timespec time{};
    clock_gettime(clock, &time);
    return time.tv_sec * std::int64_t{1'000'000'000} + time.tv_nsec;
}
}  // namespace

TimePoint SystemClock::now() const noexcept {
    return TimePoint(Duration(read_clock(CLOCK_BOOTTIME)));
}

WallTime SystemWallClock::now() const noexcept { return {read_clock(CLOCK_REALTIME)}; }

std::uint64_t SystemRandom::next() noexcept {
    if (used_ == words_.size()) {
        char* const bytes = reinterpret_cast<char*>(words_.data());
        for (std::size_t filled = 0; filled < sizeof words_;) {
            const ssize_t count = getrandom(bytes + filled, sizeof words_ - filled, 0);
            CONCLAVE_ASSERT(count > 0 || errno == EINTR, errno);
            if (count > 0) filled += static_cast<std::size_t>(count);
        }
        used_ = 0;
    }
    return words_[used_++];
}

}  // namespace conclave::detail
