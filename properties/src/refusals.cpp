#include "refusals.hpp"

#include <algorithm>
#include <map>

namespace conclave::properties {

namespace {

struct Instants {
    std::vector<std::int64_t> calls, returns;  // of acquires, sorted
};

std::int64_t end_of(const Call& call) {
    return call.status == Status::ok ? call.return_ns : never_ns;
}

bool refused_acquire(const Call& call) {
    return call.action == Action::acquire && call.status == Status::ok && !call.agreed;
}

}  // namespace

std::vector<bool> excused_refusals(const Calls& history, std::span<const std::uint32_t> which) {
    std::vector<bool> excused(which.size(), false);
    std::map<TextId, Instants> refused_objects;
    for (const std::uint32_t index : which)
        if (refused_acquire(history.calls[index])) refused_objects[history.calls[index].object];
    if (refused_objects.empty()) return excused;
    for (const std::uint32_t index : which) {
        const Call& call = history.calls[index];
        const auto found = refused_objects.find(call.object);
        if (call.action != Action::acquire || call.status == Status::failed ||
            found == refused_objects.end())
            continue;
        found->second.calls.push_back(call.call_ns);
        found->second.returns.push_back(end_of(call));
    }
    for (auto& [object, instants] : refused_objects) {
        std::sort(instants.calls.begin(), instants.calls.end());
        std::sort(instants.returns.begin(), instants.returns.end());
    }
    for (std::size_t i = 0; i < which.size(); ++i) {
        const Call& call = history.calls[which[i]];
        if (!refused_acquire(call)) continue;
        const Instants& instants = refused_objects[call.object];
        const auto begun = std::upper_bound(instants.calls.begin(), instants.calls.end(),
                                            call.return_ns) - instants.calls.begin();
        const auto over = std::lower_bound(instants.returns.begin(), instants.returns.end(),
                                           call.call_ns) - instants.returns.begin();
        excused[i] = begun - over > 1;  // the refused one itself is the first
    }
    return excused;
}

}  // namespace conclave::properties
