#pragma once

// The pending deadlines of one scheduler: a binary heap in which every fiber knows its place
// (Fiber::timer, counted from 1), so that a park that ends early costs no allocation and leaves no
// dead entry behind. Single-threaded.

#include <cstddef>
#include <utility>
#include <vector>

#include "conclave/fiber.hpp"

namespace conclave::detail {

class TimerHeap {
public:
    bool empty() const noexcept { return entries_.empty(); }
    TimePoint earliest() const noexcept { return entries_.front().at; }
    Fiber& earliest_fiber() const noexcept { return *entries_.front().fiber; }

    void add(Fiber& fiber, TimePoint at) {
        entries_.push_back({at, &fiber});
        fiber.timer = entries_.size();
        rise(entries_.size() - 1);
    }

    /// Does nothing when `fiber` has no deadline here.
    void remove(Fiber& fiber) noexcept {
        if (fiber.timer == 0) return;
        const std::size_t place = fiber.timer - 1;
        exchange(place, entries_.size() - 1);
        entries_.pop_back();
        fiber.timer = 0;
        if (place >= entries_.size()) return;
        rise(place);
        sink(place);
    }

private:
    struct Entry {
        TimePoint at;
        Fiber* fiber;
        bool before(const Entry& other) const noexcept {
            return at != other.at ? at < other.at : fiber->id < other.fiber->id;
        }
    };

    void exchange(std::size_t a, std::size_t b) noexcept {
        std::swap(entries_[a], entries_[b]);
        entries_[a].fiber->timer = a + 1;
        entries_[b].fiber->timer = b + 1;
    }

    void rise(std::size_t place) noexcept {
        while (place > 0 && entries_[place].before(entries_[(place - 1) / 2])) {
            exchange(place, (place - 1) / 2);
            place = (place - 1) / 2;
        }
    }

    void sink(std::size_t place) noexcept {
        for (;;) {
            std::size_t least = place;
            for (std::size_t child = 2 * place + 1; child <= 2 * place + 2; ++child)
                if (child < entries_.size() && entries_[child].before(entries_[least]))
                    least = child;
            if (least == place) return;
            exchange(place, least);
            place = least;
        }
    }

    std::vector<Entry> entries_;
};

}  // namespace conclave::detail
