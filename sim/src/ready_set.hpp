#pragma once

// The fibers that could run at this instant, and the seed's choice among them.

#include <cstdint>
#include <vector>

#include "conclave/fiber.hpp"
#include "conclave/sim/stream.hpp"

namespace conclave::sim {

class ReadySet {
public:
    ReadySet(Stream stream, bool by_priority) : stream_(stream), by_priority_(by_priority) {}

    bool empty() const noexcept { return fibers_.empty(); }
    std::size_t size() const noexcept { return fibers_.size(); }
    void push(detail::Fiber& fiber) { fibers_.push_back(&fiber); }

    /// Takes the fiber to run. Draws only when there is a choice. Requires: !empty().
    detail::Fiber& take() {
        const std::size_t count = fibers_.size();
        if (count == 1) return take_at(0);
        return take_at(by_priority_ ? highest() : stream_.below(count));
    }

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
    /// How often a choice lowers the priority of the fiber it chose.
    static constexpr double demotion_chance = 1.0 / 256;
    static constexpr std::size_t demotions_max = 64;

    detail::Fiber& take_at(std::size_t index) {
        detail::Fiber& fiber = *fibers_[index];
        fibers_[index] = fibers_.back();
        fibers_.pop_back();
        return fiber;
    }

    // Source: Burckhardt et al., "A randomized scheduler with probabilistic guarantees of finding
    // bugs" (PCT), ASPLOS 2010; the change points are drawn as the run goes, since its length is
    // not known.
    std::size_t highest() {
        std::size_t best = 0;
        for (std::size_t index = 1; index < fibers_.size(); ++index)
            if (priority(*fibers_[index]) > priority(*fibers_[best])) best = index;
        if (stream_.chance(demotion_chance)) demote(fibers_[best]->id);
        return best;
    }

    /// Demoted fibers come below all others, the latest demoted last.
    std::uint64_t priority(const detail::Fiber& fiber) const {
        for (std::size_t index = demoted_.size(); index-- > 0;)
            if (demoted_[index] == fiber.id) return demotions_max - index;
        return stream_.split(fiber.id).next() | std::uint64_t{1} << 63;
    }

    void demote(std::uint64_t fiber_id) {
        if (demoted_.size() == demotions_max) demoted_.erase(demoted_.begin());
        demoted_.push_back(fiber_id);
    }

    std::vector<detail::Fiber*> fibers_;
    std::vector<std::uint64_t> demoted_;
    Stream stream_;
    bool by_priority_;
};

}  // namespace conclave::sim
