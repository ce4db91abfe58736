#pragma once

// Calls compiled for the search: every model becomes guarded steps on numbered cells, so that one
// engine knows no model. A cell is a register, a lock, or a member's place in a group.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "conclave/properties/calls.hpp"
#include "conclave/properties/models.hpp"
#include "fingerprint.hpp"

namespace conclave::properties {

struct Step {
    enum class Guard : std::uint8_t {
        none,
        equals,        ///< the cell is `operand`
        differs,       ///< the cell is not `operand`
        vacant,        ///< the cell is 0
        taken,         ///< the cell is not 0
        owned_by,      ///< the hold in the cell belongs to `operand`
        not_owned_by,
        named,         ///< the owner of the hold in the cell acts for `operand`
        below,         ///< the cell is less than `operand`
        content,       ///< the group `cell` is the `operand`-th expected content
    };
    enum class Effect : std::uint8_t { none, set, clear, clear_if_owned };

    Step() = default;
    Step(std::uint32_t where, std::uint32_t compared, std::uint32_t put, Guard when,
         Effect then) noexcept
        : cell(where), guard(when), operand(compared), value(put), effect(then) {}

    // Packed: a search keeps one for each call. calls_max bounds what the fields have to hold.
    std::uint32_t cell : 28 = 0;
    Guard guard : 4 = Guard::none;
    std::uint32_t operand = 0;
    std::uint32_t value : 30 = 0;  ///< of Effect::set
    Effect effect : 2 = Effect::none;
};

/// One call, or the possible end of a lease, in a search.
struct Item {
    std::int64_t call_ns = 0;
    std::int64_t return_ns = never_ns;
    Step step;
    std::uint32_t source : 30 = 0;  ///< the call that it stands for, or whose lease ends
    bool optional : 1 = false;      ///< may be left out
    bool environment : 1 = false;   ///< the end of a lease

    bool observes() const noexcept { return step.effect == Step::Effect::none; }
};
static_assert(sizeof(Item) == 32);

struct Program {
    std::vector<Item> items;
    std::vector<std::uint32_t> group_of_cell;
    std::vector<TextId> owner_of_hold;     ///< by what a cell of a lock holds
    std::vector<TextId> name_of_hold;      ///< whom readers see then; of leaders only
    std::vector<Fingerprint> contents;     ///< what reads of whole groups saw
    std::uint32_t groups = 0;
    std::uint64_t excused = 0;             ///< refusals left out: another acquire overlapped
};

struct CompileOptions {
    /// A refused acquire must have met a holder, even while another acquire was under way.
    bool strict = false;
};

/// Compiles the calls numbered `which` (ascending), of any objects. Throws std::length_error when the
/// history has more than calls_max calls.
Program compile(const Calls& history, Model model, std::span<const std::uint32_t> which,
                CompileOptions options);

/// The state of every cell, changed by one step at a time.
class State {
public:
    explicit State(const Program& program);

    bool allows(const Step& step) const noexcept;
    /// Requires: allows(step). Returns the former value of the cell, for undo().
    std::uint32_t apply(const Step& step) noexcept;
    void undo(const Step& step, std::uint32_t former) noexcept;
    const Fingerprint& fingerprint() const noexcept { return fingerprint_; }
    std::uint32_t value(std::uint32_t cell) const noexcept { return cells_[cell]; }

private:
    void put(std::uint32_t cell, std::uint32_t value) noexcept;

    const Program& program_;
    std::vector<std::uint32_t> cells_;
    std::vector<Fingerprint> contents_;
    Fingerprint fingerprint_;
};

}  // namespace conclave::properties
