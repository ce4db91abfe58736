// Whether those who wait for a lock spread their requests. Judged by what arrived at the server.

#include <algorithm>
#include <deque>
#include <map>

#include "text.hpp"

namespace conclave::properties {

namespace {

const std::string property = "no_herd";

constexpr std::size_t waiters_min = 24;   ///< fewer may meet by chance
constexpr std::int64_t in_step = 50;      ///< the part of a poll that counts as one moment
/// A script that the server did not know is sent once more, and so is what was lost on its way.
constexpr std::int64_t repeats_max = 8;

/// One acquisition's requests, in order of time.
struct Waiter {
    std::vector<std::int64_t> asks;
    std::int64_t first() const { return asks.front(); }
    std::int64_t last() const { return asks.back(); }
};
using Waiters = std::map<std::string, Waiter>;

Verdict check_rate(const std::string& object, const Waiters& waiters, std::int64_t poll_ns,
                   std::uint64_t cases) {
    for (const auto& [owner, waiter] : waiters) {
        const std::int64_t length = waiter.last() - waiter.first();
        const auto count = static_cast<std::int64_t>(waiter.asks.size());
        if (count <= repeats_max + 1 + length / (poll_ns / 2)) continue;
        return violated(property, object, waiter.last(),
                        "one waiter asked " + std::to_string(count) + " times in " +
                            seconds(length) + ", and looks again after " + seconds(poll_ns / 2) +
                            " at the earliest",
                        cases);
    }
    return held_or_undecided(property, cases);
}

/// When somebody looked again. What follows within a quarter of a poll is the same look.
std::vector<std::int64_t> looks_again(const Waiters& waiters, std::int64_t poll_ns) {
    std::vector<std::int64_t> times;
    for (const auto& [owner, waiter] : waiters)
        for (std::size_t i = 1; i < waiter.asks.size(); ++i)
            if (waiter.asks[i] - waiter.asks[i - 1] >= poll_ns / 4) times.push_back(waiter.asks[i]);
    std::sort(times.begin(), times.end());
    return times;
}

/// How many wait at a time, for times that do not fall.
class Crowd {
public:
    explicit Crowd(const Waiters& waiters) {
        for (const auto& [owner, waiter] : waiters) {
            come_.push_back(waiter.first());
            gone_.push_back(waiter.last());
        }
        std::sort(come_.begin(), come_.end());
        std::sort(gone_.begin(), gone_.end());
    }
    std::size_t at(std::int64_t time) const {
        const auto come = std::upper_bound(come_.begin(), come_.end(), time) - come_.begin();
        const auto gone = std::lower_bound(gone_.begin(), gone_.end(), time) - gone_.begin();
        return static_cast<std::size_t>(come - gone);
    }

private:
    std::vector<std::int64_t> come_;
    std::vector<std::int64_t> gone_;
};

Verdict check_step(const std::string& object, const Waiters& waiters, std::int64_t poll_ns) {
    const Crowd crowd(waiters);
    std::deque<std::int64_t> together;
    std::uint64_t cases = 0;
    for (const std::int64_t time : looks_again(waiters, poll_ns)) {
        together.push_back(time);
        while (together.front() < time - poll_ns / in_step) together.pop_front();
        const std::size_t waiting = crowd.at(together.front());
        if (waiting < waiters_min) continue;
        ++cases;
        if (together.size() * 2 <= waiting) continue;
        return violated(property, object, time,
                        std::to_string(together.size()) + " of " + std::to_string(waiting) +
                            " waiters looked again within " + seconds(poll_ns / in_step),
                        cases);
    }
    return held_or_undecided(property, cases);
}

}  // namespace

Verdict check_no_herd(const std::vector<Ask>& asks, std::int64_t poll_ns) {
    std::map<std::string, Waiters> objects;
    for (const Ask& ask : asks) objects[ask.object][ask.owner].asks.push_back(ask.at_ns);
    std::uint64_t cases = 0;
    for (const auto& [object, waiters] : objects) {
        const Verdict steps = check_step(object, waiters, poll_ns);
        if (steps.outcome == Outcome::violated) return steps;
        cases += steps.cases;
        const Verdict rate = check_rate(object, waiters, poll_ns, cases);
        if (rate.outcome == Outcome::violated) return rate;
    }
    return held_or_undecided(property, cases);
}

}  // namespace conclave::properties
