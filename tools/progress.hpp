#pragma once

// How far a sweep has come, and how long it may go on. By the clock of the machine: what a seed does
// never depends on it, only how many seeds are run.

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>

#include "report.hpp"

namespace conclave::tool {

/// Progress on stderr: one line that is rewritten on a terminal, else a plain line at times.
class Progress {
public:
    explicit Progress(const std::string& mode)
        : rewrite_(mode == "auto" && ::isatty(STDERR_FILENO)), off_(mode == "none") {}

    void show(const UnitResult& result, std::uint64_t total, std::int64_t simulated_ns) {
        const auto now = std::chrono::steady_clock::now();
        const auto interval = rewrite_ ? std::chrono::milliseconds(200) : std::chrono::seconds(10);
        if (off_ || now - shown_ < interval) return;
        shown_ = now;
        const double elapsed = std::chrono::duration<double>(now - began_).count();
        const double rate = static_cast<double>(result.seeds) / std::max(elapsed, 0.001);
        const double left = static_cast<double>(total - result.seeds) / std::max(rate, 0.001);
        std::fprintf(stderr, "%s%s on %s: %llu/%llu seeds, %.0f seeds/s, %lld s simulated, %llu faults, %.0f s left%s",
                     rewrite_ ? "\r\033[K" : "", result.scenario.c_str(), result.driver.c_str(),
                     static_cast<unsigned long long>(result.seeds),
                     static_cast<unsigned long long>(total), rate,
                     static_cast<long long>(simulated_ns / 1'000'000'000),
                     static_cast<unsigned long long>(result.faults), left, rewrite_ ? "" : "\n");
    }
    void clear() const {
        if (rewrite_ && !off_) std::fprintf(stderr, "\r\033[K");
    }

private:
    bool rewrite_;
    bool off_;
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
    std::chrono::steady_clock::time_point shown_ = began_;
};

/// The time that one unit may take.
class TimeShare {
public:
    using Clock = std::chrono::steady_clock;
    explicit TimeShare(Clock::time_point end) : end_(end) {}
    bool over() const { return Clock::now() >= end_; }

private:
    Clock::time_point end_;
};

/// The time of --for, in equal shares: what a unit leaves goes to those behind it.
class TimeLimit {
public:
    /// `length_ns` 0 is no limit.
    TimeLimit(std::int64_t length_ns, std::size_t units) : units_(units) {
        if (length_ns > 0) end_ = TimeShare::Clock::now() + std::chrono::nanoseconds(length_ns);
    }
    TimeShare next_share() {
        if (end_ == TimeShare::Clock::time_point::max()) return TimeShare(end_);
        const auto now = TimeShare::Clock::now();
        const auto left = static_cast<std::int64_t>(std::max<std::size_t>(1, units_));
        units_ -= units_ > 0 ? 1 : 0;
        return TimeShare(now + (end_ - now) / left);
    }

private:
    TimeShare::Clock::time_point end_ = TimeShare::Clock::time_point::max();
    std::size_t units_;
};

}  // namespace conclave::tool
