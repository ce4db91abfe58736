#pragma once

// What one Lock holds: one hold, or several that are shared. Any thread, and nobody parks here.

#include <atomic>
#include <memory>
#include <utility>
#include <vector>

#include "../client/hold.hpp"

namespace conclave::detail {

class LockHolds {
public:
    void add(std::shared_ptr<Hold> hold) {
        const Turn turn(busy_);
        last_ = hold;
        held_.push_back(std::move(hold));
    }
    /// Takes away the one added last; null when there is none.
    std::shared_ptr<Hold> take_last() {
        const Turn turn(busy_);
        if (held_.empty()) return nullptr;
        auto hold = std::move(held_.back());
        held_.pop_back();
        return hold;
    }
    /// Takes away one that has been lost; null when there is none.
    std::shared_ptr<Hold> take_lost() {
        const Turn turn(busy_);
        for (auto each = held_.begin(); each != held_.end(); ++each) {
            if ((*each)->believed()) continue;
            auto hold = std::move(*each);
            held_.erase(each);
            return hold;
        }
        return nullptr;
    }
    /// The one added last of those that are believed; null when there is none.
    std::shared_ptr<Hold> believed() const {
        const Turn turn(busy_);
        for (auto each = held_.rbegin(); each != held_.rend(); ++each)
            if ((*each)->believed()) return *each;
        return nullptr;
    }
    /// The one added last, held or not.
    std::shared_ptr<Hold> last() const {
        const Turn turn(busy_);
        return last_;
    }

private:
    /// Exclusion for the time of copying a pointer.
    class Turn {
    public:
        explicit Turn(std::atomic_flag& busy) noexcept : busy_(busy) {
            while (busy_.test_and_set(std::memory_order_acquire)) busy_.wait(true);
        }
        ~Turn() {
            busy_.clear(std::memory_order_release);
            busy_.notify_one();
        }
        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;

    private:
        std::atomic_flag& busy_;
    };

    mutable std::atomic_flag busy_;
    std::vector<std::shared_ptr<Hold>> held_;
    std::shared_ptr<Hold> last_;
};

}  // namespace conclave::detail
