#include "program.hpp"

namespace conclave::properties {

namespace {
constexpr std::uint64_t cell_kind = 1;
constexpr std::uint64_t member_kind = 2;
}  // namespace

State::State(const Program& program)
    : program_(program),
      cells_(program.group_of_cell.size(), 0),
      contents_(program.groups) {}

bool State::allows(const Step& step) const noexcept {
    if (step.guard == Step::Guard::content)
        return contents_[step.cell] == program_.contents[step.operand];
    const std::uint32_t value = cells_[step.cell];
    switch (step.guard) {
        case Step::Guard::none: return true;
        case Step::Guard::equals: return value == step.operand;
        case Step::Guard::differs: return value != step.operand;
        case Step::Guard::vacant: return value == 0;
        case Step::Guard::taken: return value != 0;
        case Step::Guard::owned_by:
            return value != 0 && program_.owner_of_hold[value] == step.operand;
        case Step::Guard::not_owned_by:
            return value == 0 || program_.owner_of_hold[value] != step.operand;
        case Step::Guard::named:
            return value != 0 && program_.name_of_hold[value] == step.operand;
        case Step::Guard::below: return value < step.operand;
        case Step::Guard::content: break;
    }
    return false;
}

void State::put(std::uint32_t cell, std::uint32_t value) noexcept {
    std::uint32_t& slot = cells_[cell];
    if (slot == value) return;
    const auto number = [&](std::uint32_t content) {
        return (static_cast<std::uint64_t>(cell) << 32) | content;
    };
    if (slot != 0) fingerprint_ ^= key(cell_kind, number(slot));
    if (value != 0) fingerprint_ ^= key(cell_kind, number(value));
    if ((slot != 0) != (value != 0) && program_.groups != 0)
        contents_[program_.group_of_cell[cell]] ^= key(member_kind, cell);
    slot = value;
}

std::uint32_t State::apply(const Step& step) noexcept {
    if (step.effect == Step::Effect::none) return 0;
    const std::uint32_t former = cells_[step.cell];
    switch (step.effect) {
        case Step::Effect::none: break;
        case Step::Effect::set: put(step.cell, step.value); break;
        case Step::Effect::clear: put(step.cell, 0); break;
        case Step::Effect::clear_if_owned:
            if (former != 0 && program_.owner_of_hold[former] == step.operand) put(step.cell, 0);
            break;
    }
    return former;
}

void State::undo(const Step& step, std::uint32_t former) noexcept {
    if (step.effect != Step::Effect::none) put(step.cell, former);
}

}  // namespace conclave::properties
