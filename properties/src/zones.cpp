#include "zones.hpp"

#include <algorithm>
#include <tuple>

namespace conclave::properties {

namespace {

/// Two forward zones under way at once. `forward` is sorted by first return.
std::optional<std::pair<Zone, Zone>> overlap(const std::vector<Zone>& forward) {
    const Zone* longest = nullptr;
    for (const Zone& zone : forward) {
        if (longest && zone.must_precede(*longest)) return std::pair(*longest, zone);
        if (!longest || zone.last_call_ns > longest->last_call_ns) longest = &zone;
    }
    return std::nullopt;
}

/// The last forward zone that must precede `zone`; zones before it end no later than it begins.
const Zone* last_before(const std::vector<Zone>& forward, const Zone& zone) {
    const auto after = std::partition_point(forward.begin(), forward.end(), [&](const Zone& each) {
        return each.must_precede(zone);
    });
    return after == forward.begin() ? nullptr : &*(after - 1);
}

}  // namespace

std::optional<std::pair<Zone, Zone>> arrange(std::vector<Zone>& zones) {
    const auto middle = std::partition(zones.begin(), zones.end(),
                                       [](const Zone& zone) { return zone.forward(); });
    std::vector<Zone> forward(zones.begin(), middle);
    std::sort(forward.begin(), forward.end(), [](const Zone& a, const Zone& b) {
        return std::tie(a.first_return_ns, a.payload) < std::tie(b.first_return_ns, b.payload);
    });
    if (const auto conflict = overlap(forward)) return conflict;

    // A backward zone stands at one instant of its own: its last call, or the end of the forward zone
    // that is under way then.
    struct Placed {
        std::int64_t at_ns;
        bool forward;
        Zone zone;
    };
    std::vector<Placed> placed;
    placed.reserve(zones.size());
    for (const Zone& zone : forward) placed.push_back({zone.first_return_ns, true, zone});
    for (auto zone = middle; zone != zones.end(); ++zone) {
        const Zone* before = last_before(forward, *zone);
        if (before && zone->must_precede(*before)) return std::pair(*before, *zone);
        const std::int64_t at_ns = before ? std::max(zone->last_call_ns, before->last_call_ns)
                                          : zone->last_call_ns;
        placed.push_back({at_ns, false, *zone});
    }
    std::sort(placed.begin(), placed.end(), [](const Placed& a, const Placed& b) {
        return std::tie(a.at_ns, a.forward, a.zone.payload) <
               std::tie(b.at_ns, b.forward, b.zone.payload);
    });
    for (std::size_t i = 0; i < placed.size(); ++i) zones[i] = placed[i].zone;
    return std::nullopt;
}

}  // namespace conclave::properties
