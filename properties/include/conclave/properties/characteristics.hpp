#pragma once

// Checkers of the characteristics that a driver may claim: pure functions from a history of calls to a
// Finding. Each tries what is cheap and conclusive first: the store's own order, then a monitor of the
// model, then a budgeted search. docs/properties.md defines each characteristic. All throw
// std::length_error for more than calls_max calls, and for messages between sessions whose calls overlap
// by the thousand.

#include <cstdint>
#include <string>
#include <vector>

#include "conclave/driver.hpp"
#include "conclave/properties/calls.hpp"
#include "conclave/properties/checkers.hpp"
#include "conclave/properties/models.hpp"

namespace conclave::properties {

struct CheckOptions {
    /// A refused acquire must have met a holder, even while another acquire was under way.
    bool strict = false;
    /// Off: only the search decides. For tests of the monitors.
    bool monitors = true;
    /// Items that one search may place, again after each change of mind.
    std::uint64_t steps_max = 20'000'000;
};

/// In Finding::witness, marks the end of the lease that the call began.
inline constexpr std::uint32_t lease_end = 0x80000000U;

struct Finding {
    Outcome outcome = Outcome::undecided;
    std::string method;  ///< "revisions", "zones", "holds", "graph", "search", ...
    std::string headline;  ///< what is wrong, in a few words, when violated
    std::string reason;  ///< why it is violated or undecided, the calls included
    std::vector<std::uint32_t> counterexample;  ///< calls that contradict each other, when violated
    std::vector<std::uint32_t> witness;         ///< an order of calls that explains them, when held
};

/// Every object by itself has an order of its calls that its model allows and that keeps real time.
/// O(n log n) for unique values, holds, tokens and groups of unique members; else exponential in how
/// many calls overlap, within the budget.
Finding check_linearizable(const Calls& history, Model model, const CheckOptions& options = {});

/// All objects together have one order that their models allow and that keeps what each session
/// awaited. In general exponential in the number of sessions, within the budget.
Finding check_sequential(const Calls& history, Model model, const CheckOptions& options = {});

/// No read contradicts what its caller could know: what happened before it in its session and in all
/// sessions that it had read from. For registers of unique values and groups of unique members;
/// undecided elsewhere. O(n k log n) for k sessions.
Finding check_causal(const Calls& history, Model model, const CheckOptions& options = {});

/// There is some order that the model allows.
Finding check_serializable(const Calls& history, Model model, const CheckOptions& options = {});

/// What one client reads reflects every update that was acknowledged, and everything that any client
/// had read, before it asked.
Finding check_same_view(const Calls& history, Model model, const CheckOptions& options = {});

/// The same between the sides of every recorded partition. Undecided when no partition had an
/// attempted read on each side and an attempted update.
Finding check_same_view_under_partitions(const Calls& history, Model model,
                                         const CheckOptions& options = {});

/// Whether check() can judge `characteristic` from calls alone.
bool judged_from_calls(Characteristic characteristic) noexcept;
/// Requires: judged_from_calls(characteristic).
Finding check(Characteristic characteristic, const Calls& history, Model model,
              const CheckOptions& options = {});

/// What a history could have shown.
struct Coverage {
    std::uint64_t calls = 0;
    std::uint64_t observations = 0;  ///< answers that tell of the object's state
    std::uint64_t unknown = 0;       ///< calls of unknown outcome
    std::uint64_t concurrent = 0;    ///< calls made while another of their object was under way
    std::uint64_t contended = 0;     ///< acquires that were refused
    /// Reads tried within a partition: on its first side, and on its others.
    std::uint64_t reads_here = 0, reads_there = 0;

    Coverage& operator+=(const Coverage& other) noexcept;
};

/// O(n log n).
Coverage coverage_of(const Calls& history, Model model);

/// "p3 acquire L -> true [1.000000 s .. 1.200000 s]"
std::string describe(const Calls& history, std::uint32_t call);

}  // namespace conclave::properties
