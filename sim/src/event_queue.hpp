#pragma once

// What will happen, ordered by time and then by when it was scheduled: a 4-ary heap of 16-byte keys
// (four children share a cache line) over a slab of events. Cancelling removes an event at once, so
// that a deadline nobody waits for neither fills the heap nor keeps a run alive.

#include <cstdint>
#include <vector>

#include "conclave/assert.hpp"

namespace conclave::sim {

enum class EventKind : std::uint8_t {
    deadline,       ///< target: detail::Fiber; argument: the deadline on its process's clock
    delivery,       ///< target: Flow
    window_update,  ///< target: Flow
    handshake,      ///< target: TcpConnection
    action,         ///< argument: which of World::at()'s actions
};

class EventQueue {
public:
    /// Names a pending event; 0 is none.
    using Handle = std::uint32_t;

    struct Fired {
        EventKind kind;
        void* target;
        std::uint64_t argument;
    };

    Handle push(std::int64_t time, EventKind kind, void* target, std::uint64_t argument = 0) {
        const std::uint32_t slot = take_slot();
        slots_[slot] = {target, argument, 0, kind};
        heap_.emplace_back();
        sift_up(heap_.size() - 1, Key{time, sequence_++ << slot_bits | slot});
        return slot + 1;
    }

    void cancel(Handle handle) {
        const std::uint32_t slot = handle - 1;
        remove(slots_[slot].position);
        free_.push_back(slot);
    }

    std::uint64_t argument(Handle handle) const { return slots_[handle - 1].argument; }
    bool empty() const noexcept { return heap_.empty(); }
    std::size_t size() const noexcept { return heap_.size(); }
    /// Requires: !empty().
    std::int64_t next_time() const noexcept { return heap_.front().time; }

    /// Takes the earliest event. Requires: !empty().
    Fired pop() {
        const std::uint32_t slot = heap_.front().slot();
        remove(0);
        free_.push_back(slot);
        const Slot& event = slots_[slot];
        return {event.kind, event.target, event.argument};
    }

private:
    static constexpr int slot_bits = 24;
    static constexpr std::size_t fan_out = 4;

    struct Key {
        std::int64_t time;
        std::uint64_t order;  ///< sequence number above, slot below: unique, so a total order
        std::uint32_t slot() const noexcept {
            return static_cast<std::uint32_t>(order & ((1u << slot_bits) - 1));
        }
        bool before(const Key& other) const noexcept {
            return time != other.time ? time < other.time : order < other.order;
        }
    };
    struct Slot {
        void* target;
        std::uint64_t argument;
        std::uint32_t position;
        EventKind kind;
    };

    std::uint32_t take_slot() {
        if (free_.empty()) {
            CONCLAVE_ASSERT(slots_.size() < 1u << slot_bits, slots_.size());
            slots_.emplace_back();
            return static_cast<std::uint32_t>(slots_.size() - 1);
        }
        const std::uint32_t slot = free_.back();
        free_.pop_back();
        return slot;
    }

    void place(std::size_t position, const Key& key) {
        heap_[position] = key;
        slots_[key.slot()].position = static_cast<std::uint32_t>(position);
    }

    void sift_up(std::size_t position, const Key key) {
        while (position > 0) {
            const std::size_t parent = (position - 1) / fan_out;
            if (!key.before(heap_[parent])) break;
            place(position, heap_[parent]);
            position = parent;
        }
        place(position, key);
    }

    void sift_down(std::size_t position, const Key key) {
        const std::size_t size = heap_.size();
        for (;;) {
            const std::size_t first = position * fan_out + 1;
            if (first >= size) break;
            const std::size_t last = first + fan_out < size ? first + fan_out : size;
            std::size_t least = first;
            for (std::size_t child = first + 1; child < last; ++child)
                if (heap_[child].before(heap_[least])) least = child;
            if (!heap_[least].before(key)) break;
            place(position, heap_[least]);
            position = least;
        }
        place(position, key);
    }

    void remove(std::size_t position) {
        const Key last = heap_.back();
        heap_.pop_back();
        if (position == heap_.size()) return;
        if (position > 0 && last.before(heap_[(position - 1) / fan_out]))
            sift_up(position, last);
        else
            sift_down(position, last);
    }

    std::vector<Key> heap_;
    std::vector<Slot> slots_;
    std::vector<std::uint32_t> free_;
    std::uint64_t sequence_ = 0;
};

}  // namespace conclave::sim
