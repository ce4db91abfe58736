#pragma once

// The search for a legal order of a Program's items: depth first over what may come next,
// observations taken as soon as they are legal, what ends first tried first and what may be left
// out tried last, configurations that failed remembered by fingerprint.
//
// Source: Wing and Gong, "Testing and verifying concurrent objects"; Lowe, "Testing for
// linearizability", sections 3 to 5.

#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "conclave/properties/checkers.hpp"
#include "flat_table.hpp"
#include "order.hpp"

namespace conclave::properties {

struct SearchBudget {
    std::uint64_t steps = 0;           ///< items placed, again after each change of mind
    std::uint64_t configurations = 0;  ///< remembered
    /// They are remembered whole, not by fingerprint: slower, and beyond doubt.
    bool exact = false;
};

/// Configurations from which no order goes on.
class Failures {
public:
    explicit Failures(const SearchBudget& budget)
        : budget_(budget), prints_(budget.exact ? 0 : budget.configurations) {}

    /// Whether it is there; `configuration` is asked only when they are remembered whole.
    template <class Configuration>
    bool contains(const Fingerprint& print, Configuration configuration) {
        return budget_.exact ? whole_.contains(configuration()) : prints_.contains(print);
    }
    template <class Configuration>
    void insert(const Fingerprint& print, Configuration configuration) {
        if (!budget_.exact)
            prints_.insert(print);
        else if (whole_.size() < budget_.configurations)
            whole_.insert(configuration());
    }

private:
    const SearchBudget& budget_;
    FingerprintSet prints_;
    std::set<std::vector<std::uint32_t>> whole_;
};

class Search {
public:
    /// `program` and `order` must outlive the search.
    Search(const Program& program, const Order& order, SearchBudget budget);

    /// That no value of a register comes twice: it is replaced only when nobody has to see it any
    /// more.
    void values_are_unique(std::size_t values);

    /// From now on longest() is noted, for people to read.
    void keep_longest() { keep_longest_ = true; }

    /// held: order() is legal; violated: there is none; undecided: the budget is spent.
    Outcome run();

    /// Places the updates exactly as `updates` lists them, each observation as soon as it is legal.
    /// Whether everything that is not optional found its place; order() is legal then.
    bool follow(const std::vector<std::uint32_t>& updates);

    /// Items each of which must come before the next, and the last before the first, whatever they
    /// do: no order obeys `order` then. Empty when there is no such cycle.
    std::vector<std::uint32_t> cycle();

    const std::vector<std::uint32_t>& order() const noexcept { return placed_; }
    std::uint64_t steps() const noexcept { return steps_; }
    /// The longest order that run() tried, since keep_longest().
    const std::vector<std::uint32_t>& longest() const noexcept { return longest_; }

private:
    enum Kind : std::uint8_t { observation, update, optional_update };
    static constexpr std::uint32_t none = UINT32_MAX;

    /// Doubly linked through the items: taking one out and putting it back are O(1), last out first
    /// in.
    struct Links {
        std::vector<std::uint32_t> next, previous;
    };
    /// The items of one class in by_return_, and the first that is not placed.
    struct Returns {
        std::uint32_t begin = 0, first = 0, end = 0;
    };
    std::uint32_t head(std::uint32_t klass, Kind kind) const;
    Kind kind(const Item& item) const noexcept;
    void build_calls();
    void build_returns();
    void build_edges();
    std::uint32_t first_to_return(std::uint32_t klass) const;
    std::int64_t bound(std::uint32_t klass) const;
    bool allowed(std::uint32_t item) const;
    bool sees_value(const Item& item) const noexcept;
    void place(std::uint32_t item);
    void take_back();
    void absorb();
    std::uint32_t next_update(std::uint32_t after) const;
    bool better(std::uint32_t a, std::uint32_t b) const;
    void note_longest();
    std::uint32_t blocker_of(std::uint32_t item) const;
    std::vector<std::uint32_t> trace_cycle() const;
    bool backtrack(Failures& failed);
    std::vector<std::uint32_t> configuration() const;

    const Program& program_;
    const Order& order_;
    SearchBudget budget_;
    State state_;
    Links by_call_;
    std::vector<std::uint32_t> by_return_;
    std::vector<Returns> returns_;  ///< by class
    std::vector<bool> is_placed_;
    std::vector<std::uint32_t> blockers_;
    std::vector<std::uint32_t> placed_, longest_;
    std::vector<std::uint32_t> former_;  ///< what cells held before the updates that are placed
    Fingerprint placed_print_;
    std::vector<std::uint32_t> readers_left_;  ///< of each value, when values are unique
    std::uint64_t required_left_ = 0;
    std::uint64_t steps_ = 0;
    bool ignore_state_ = false;
    bool keep_longest_ = false;
    std::size_t longest_kept_ = 0;  ///< so much of longest_ is still placed, and in this order
};

}  // namespace conclave::properties
