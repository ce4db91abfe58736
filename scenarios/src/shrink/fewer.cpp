#include <algorithm>
#include <memory>
#include <rapidcheck/shrinkable/Create.h>

#include "candidates.hpp"

namespace conclave::scenarios {

namespace {

/// Chunks of `size` from `first` on, then of half the size from the beginning, and so on.
struct Position {
    std::size_t size;
    std::size_t first;
    Grain grain;
};

constexpr std::size_t coarse_share = 8;

rc::Shrinkable<Plan> node(std::shared_ptr<const Plan> plan, Part part, Position position);

class Chunks {
public:
    Chunks(std::shared_ptr<const Plan> plan, Part part, Position position)
        : plan_(std::move(plan)), part_(part), at_(position), count_(count(*plan_, part)) {
        at_.size = std::min(at_.size, count_);
    }

    rc::Maybe<rc::Shrinkable<Plan>> operator()() {
        if (at_.first >= count_) next_size();
        // Without a client there is no history to judge.
        if (part_ == Part::clients && at_.size == count_) next_size();
        if (at_.size == 0) return rc::Nothing;
        const Position here = at_;
        at_.first += at_.size;
        return node(std::make_shared<Plan>(without(*plan_, part_, here.first, here.size)), part_,
                    here);
    }

private:
    void next_size() {
        at_.first = 0;
        at_.size /= 2;
        if (at_.grain == Grain::coarse && at_.size * coarse_share < count_) at_.size = 0;
    }

    std::shared_ptr<const Plan> plan_;
    Part part_;
    Position at_;
    std::size_t count_;
};

rc::Shrinkable<Plan> node(std::shared_ptr<const Plan> plan, Part part, Position position) {
    return rc::shrinkable::lambda([plan] { return *plan; },
                                  [plan, part, position] {
                                      return rc::Seq<rc::Shrinkable<Plan>>(
                                          Chunks(plan, part, position));
                                  });
}

}  // namespace

rc::Shrinkable<Plan> fewer(Plan plan, Part part, Grain grain) {
    const std::size_t all = count(plan, part);
    return node(std::make_shared<Plan>(std::move(plan)), part, {all, 0, grain});
}

}  // namespace conclave::scenarios
