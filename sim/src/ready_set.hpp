#pragma once

// The fibers that could run at this instant, and the seed's choice among them.

#include <algorithm>
#include <cstdint>
#include <vector>

#include "conclave/fiber.hpp"
#include "conclave/sim/stream.hpp"
#include "conclave/sim/world.hpp"

namespace conclave::sim {

class ReadySet {
public:
    ReadySet(Stream stream, const WorldOptions& options)
        : stream_(stream), by_priority_(options.priority_scheduling) {
        Stream points = stream.split("change points");
        if (by_priority_ && options.priority_choices > 0)
            for (std::uint64_t i = 0; i < options.priority_changes; ++i)
                change_at_.push_back(1 + points.below(options.priority_choices));
        std::ranges::sort(change_at_);
    }

    bool empty() const noexcept { return fibers_.empty(); }
    std::size_t size() const noexcept { return fibers_.size(); }
    void push(detail::Fiber& fiber) { fibers_.push_back(&fiber); }

    /// Takes the fiber to run. Draws only when there is a choice. Requires: !empty().
    detail::Fiber& take() {
        const std::size_t count = fibers_.size();
        if (count == 1) return take_at(0);
        ++choices_;
        const bool fair = !by_priority_ || ++choices_here_ % unfair_max == 0;
        return take_at(fair ? stream_.below(count) : highest());
    }
    /// Said whenever time moves on.
    void time_passes() noexcept { choices_here_ = 0; }

    /// How often there was a choice.
    std::uint64_t choices() const noexcept { return choices_; }

    /// Takes every fiber of `scheduler` out, in the order they came.
    template <class Use>
    void extract(const Scheduler& scheduler, Use use) {
        std::size_t kept = 0;
        for (detail::Fiber* fiber : fibers_) {
            if (fiber->scheduler == &scheduler)
                use(*fiber);
            else
                fibers_[kept++] = fiber;
        }
        fibers_.resize(kept);
    }

private:
    /// Whoever waits at one instant for another fiber, by yielding, would keep it out for ever.
    static constexpr std::uint64_t unfair_max = 1000;

    detail::Fiber& take_at(std::size_t index) {
        detail::Fiber& fiber = *fibers_[index];
        fibers_[index] = fibers_.back();
        fibers_.pop_back();
        return fiber;
    }

    // Source: Burckhardt et al., "A randomized scheduler with probabilistic guarantees of finding
    // bugs" (PCT), ASPLOS 2010. A bug that needs d orderings is found with a chance of at least
    // 1 / (fibers * choices ^ (d - 1)) by d - 1 change points, where the run has that many choices.
    std::size_t highest() {
        std::size_t best = 0;
        for (std::size_t index = 1; index < fibers_.size(); ++index)
            if (priority(*fibers_[index]) > priority(*fibers_[best])) best = index;
        for (; changed_ < change_at_.size() && change_at_[changed_] == choices_; ++changed_)
            demoted_.push_back(fibers_[best]->id);
        return best;
    }

    /// Demoted fibers come below all others, the latest demoted last.
    std::uint64_t priority(const detail::Fiber& fiber) const {
        for (std::size_t index = demoted_.size(); index-- > 0;)
            if (demoted_[index] == fiber.id) return change_at_.size() - index;
        return stream_.split(fiber.id).next() | std::uint64_t{1} << 63;
    }

    std::vector<detail::Fiber*> fibers_;
    std::vector<std::uint64_t> change_at_;  ///< ordinals of choices, in order
    std::size_t changed_ = 0;
    std::vector<std::uint64_t> demoted_;    ///< fibers
    std::uint64_t choices_ = 0;
    std::uint64_t choices_here_ = 0;        ///< since time passed
    Stream stream_;
    bool by_priority_;
};

}  // namespace conclave::sim
