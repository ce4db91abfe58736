#pragma once

// Every command this model knows, with the properties that Redis checks before it runs one.
// Source: COMMAND INFO of Redis 7.0.15.

#include <cstdint>
#include <span>
#include <string_view>

namespace conclave::servers::redis {

struct Call;

/// Bits of Command::flags.
namespace command_flag {
enum : unsigned {
    write = 1,
    grows = 2,             ///< refused when out of memory ("denyoom")
    no_script = 4,
    no_auth = 8,
    no_transaction = 16,   ///< an error inside MULTI
    at_once = 32,          ///< runs inside MULTI instead of being queued
    subscriber = 64,       ///< allowed to a RESP2 client that has subscriptions
    writes_maybe = 128,    ///< held back by CLIENT PAUSE WRITE
    allow_busy = 256,      ///< also while somebody's script runs
};
}

struct Command {
    std::string_view name;      ///< lower case; "client|id" for a subcommand
    int arity;                  ///< with the name; negative: at least
    unsigned flags;
    int first_key, last_key, key_step;
    void (*run)(Call&);         ///< null for a container of subcommands

    bool is(unsigned flag) const noexcept { return (flags & flag) != 0; }
    bool accepts(std::size_t arguments) const noexcept {
        const auto given = static_cast<int>(arguments);
        return arity >= 0 ? given == arity : given >= -arity;
    }
    bool has_subcommands() const noexcept { return run == nullptr || name == "command"; }
};

/// Sorted by name.
std::span<const Command> command_table() noexcept;
/// Null when the model does not know `name`; compares without regard to case.
const Command* find_command(std::string_view name) noexcept;
const Command* find_subcommand(const Command& container, std::string_view name) noexcept;
/// Whether the real server has this command although the model has not.
bool real_command(std::string_view name) noexcept;

}  // namespace conclave::servers::redis
