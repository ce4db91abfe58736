#pragma once

// What the checkers share: the calls of one object, the search over them, and its words.

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "conclave/properties/characteristics.hpp"
#include "search.hpp"

namespace conclave::properties {

using Indices = std::vector<std::uint32_t>;

/// Calls sorted by object - and by member, where the model keeps one register a member - and within
/// one object in the order of the history.
class Objects {
public:
    Objects(const Calls& history, Model model);

    /// Calls `visit` with the calls of each object until it returns false.
    void each(const std::function<bool(std::span<const std::uint32_t>)>& visit) const;
    /// Whether all calls are of one.
    bool single() const;

private:
    bool same(std::uint32_t a, std::uint32_t b) const;

    const Calls& history_;
    bool by_member_;
    Indices sorted_;
};

/// Gives back the memory of a vector; an assignment of {} would keep it.
template <class Vector>
void release(Vector& vector) {
    Vector().swap(vector);
}

SearchBudget budget_for(std::size_t items, const CheckOptions& options);

using MakeOrder = std::function<Order(const Program&)>;

/// Searches the calls numbered `which`; the reason and the calls left over when there is no order.
Finding judge_by_search(const Calls& history, Model model, std::span<const std::uint32_t> which,
                        const MakeOrder& make_order, const CheckOptions& options);

/// The calls of `placed`, in that order.
Indices witness_of(const Program& program, std::span<const std::uint32_t> placed);

/// Joins the findings of single objects: violated wins over undecided, and that over held.
void join(Finding& whole, Finding part);

/// "a, b and c", each described.
std::string describe(const Calls& history, std::span<const std::uint32_t> calls);

Finding violated_by(const Calls& history, std::string method, std::string what, Indices calls);

}  // namespace conclave::properties
