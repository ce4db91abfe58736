#include "timer_heap.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>
#include <utility>
#include <vector>

namespace conclave::detail {
namespace {

RC_GTEST_PROP(TimerHeap, YieldsWhatASortedSetYields, (const std::vector<std::uint8_t>& steps)) {
    std::vector<Fiber> fibers(16);
    for (std::size_t i = 0; i < fibers.size(); ++i) fibers[i].id = i + 1;
    TimerHeap heap;
    std::set<std::pair<TimePoint, std::uint64_t>> model;
    std::vector<TimePoint> deadlines(fibers.size());
    for (const std::uint8_t step : steps) {
        const std::size_t which = step % fibers.size();
        Fiber& fiber = fibers[which];
        if (fiber.timer != 0) {
            heap.remove(fiber);
            model.erase({deadlines[which], fiber.id});
        } else {
            deadlines[which] = TimePoint(Duration(step / 16));
            heap.add(fiber, deadlines[which]);
            model.emplace(deadlines[which], fiber.id);
        }
        RC_ASSERT(heap.empty() == model.empty());
        if (model.empty()) continue;
        RC_ASSERT(heap.earliest() == model.begin()->first);
        RC_ASSERT(heap.earliest_fiber().id == model.begin()->second);
    }
}

}  // namespace
}  // namespace conclave::detail
