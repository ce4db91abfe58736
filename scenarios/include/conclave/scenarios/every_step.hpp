#pragma once

// The every-step sweep: a short Plan, and every environment call of one of its processes disturbed in
// each way. Exhaustive where a random search only hopes.

#include <cstdint>
#include <string>
#include <vector>

#include "conclave/scenarios/plan.hpp"

namespace conclave::scenarios {

/// The Plans that disturb one process at each environment call that it makes while the Plan runs
/// without faults: a look at a clock, a park, a connect, a read, a write and so on, by number, so that
/// two calls at one instant are two places. A client crashes, is stopped or is cut off for longer than
/// its lease, loses its connections, its next request or the reply to it (and its power where there is
/// no network); a server crashes, is stopped, is cut off or loses its power. What comes before a
/// disturbance is as it was, so every call is met. Plans are made when they are asked for: there may
/// be millions.
class EveryStep {
public:
    /// Runs `plan` without faults. Errors: FileError when it has no such client or server process.
    EveryStep(const Plan& plan, const std::string& process);

    std::uint64_t calls() const noexcept { return calls_; }
    /// Each way at each call.
    std::uint64_t singles() const noexcept { return calls_ * ways_.size(); }
    /// The i-th of them. Requires: index < singles().
    Plan single(std::uint64_t index) const;

    /// Each two of the single ones, the second at the same call or a later one.
    std::uint64_t pairs() const noexcept;
    /// Requires: index < pairs().
    Plan pair(std::uint64_t index) const;

private:
    Fault disturbance(std::uint64_t index) const;

    Plan quiet_;
    std::vector<Fault> ways_;
    std::uint64_t calls_ = 0;
};

/// The i-th of `count` numbers spread evenly over 0..`all` - 1.
std::uint64_t spread(std::uint64_t index, std::uint64_t count, std::uint64_t all);

}  // namespace conclave::scenarios
