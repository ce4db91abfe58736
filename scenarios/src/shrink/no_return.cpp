#include "no_return.hpp"

#include <algorithm>

namespace conclave::scenarios {

namespace {

constexpr Duration resolution = std::chrono::milliseconds(1);

/// The same Plan whose faults are all over at `end`. The run is as long as before, unless its length
/// after the healing is what is judged.
Plan healed_at(const Plan& plan, Duration end, const Signature& signature) {
    Plan healed = plan;
    if (signature.property != "progress") healed.progress_within += plan.duration - end;
    healed.duration = end;
    return healed;
}

}  // namespace

std::optional<PointOfNoReturn> find_no_return(const Plan& plan, const RunResult& run,
                                             Trials& trials) {
    const std::vector<std::int64_t>& begin_ns = run.fault_begin_ns;
    if (plan.faults.empty()) return std::nullopt;
    const auto last_begin = std::max_element(begin_ns.begin(), begin_ns.end());
    const Fault& last = plan.faults[static_cast<std::size_t>(last_begin - begin_ns.begin())];
    const Duration last_at(*last_begin);
    if (*last_begin == properties::never_ns) return std::nullopt;
    const auto violates_healed = [&](Duration end) {
        return trials.violating(healed_at(plan, end, trials.signature())).has_value();
    };
    // Every fault is needed: had the last one never begun, the property would hold.
    Duration averted = std::min(last_at + resolution, plan.duration);
    Duration too_late = plan.duration;
    if (violates_healed(averted)) return PointOfNoReturn{last_at, last, true};
    while (too_late - averted > resolution) {
        const Duration middle = averted + (too_late - averted) / 2;
        (violates_healed(middle) ? too_late : averted) = middle;
    }
    if (trials.spent()) return std::nullopt;
    return PointOfNoReturn{too_late, last, false};
}

}  // namespace conclave::scenarios
