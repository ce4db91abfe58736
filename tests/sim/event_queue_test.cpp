#include "event_queue.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <vector>

namespace conclave::sim {
namespace {

TEST(EventQueue, KeepsTheOrderOfEventsAtOneInstant) {
    EventQueue queue;
    for (std::uint64_t index = 0; index < 20; ++index)
        queue.push(5, EventKind::action, nullptr, index);
    for (std::uint64_t index = 0; index < 20; ++index) EXPECT_EQ(queue.pop().argument, index);
    EXPECT_TRUE(queue.empty());
}

RC_GTEST_PROP(EventQueue, PopsWhatWasNotCancelledByTimeThenOrder,
              (const std::vector<std::uint8_t>& times, const std::vector<std::uint8_t>& victims)) {
    EventQueue queue;
    std::vector<EventQueue::Handle> handles;
    std::vector<std::pair<int, std::uint64_t>> expected;
    for (std::uint64_t index = 0; index < times.size(); ++index) {
        handles.push_back(queue.push(times[index], EventKind::action, nullptr, index));
        expected.emplace_back(times[index], index);
    }
    for (const std::uint8_t victim : victims) {
        if (victim >= handles.size() || handles[victim] == 0) continue;
        queue.cancel(std::exchange(handles[victim], 0));
        std::erase(expected, std::pair<int, std::uint64_t>(times[victim], victim));
    }
    std::sort(expected.begin(), expected.end());
    for (const auto& [time, index] : expected) {
        RC_ASSERT(queue.next_time() == time);
        RC_ASSERT(queue.pop().argument == index);
    }
    RC_ASSERT(queue.empty());
}

}  // namespace
}  // namespace conclave::sim
