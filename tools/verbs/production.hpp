#pragma once

// The production verbs: what `conclave` does at a real backend. Each stands in a file of its own.

#include <CLI/CLI.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "held_command.hpp"

namespace conclave::tool {

using Verb = std::function<int()>;

/// Bounds the farewell to the backend.
inline constexpr Duration stop_limit = std::chrono::seconds(2);

void add_lock(CLI::App& app, HoldArguments& arguments, Verb& verb);

struct ElectArguments {
    HoldArguments hold;
    bool observe = false;
    bool json = false;
};
void add_elect(CLI::App& app, ElectArguments& arguments, Verb& verb);

struct JoinArguments {
    HoldArguments hold;
    std::string capabilities;
};
void add_join(CLI::App& app, JoinArguments& arguments, Verb& verb);

struct MembersArguments {
    BackendArguments backend;
    std::string group;
    bool watch = false;
    bool json = false;
};
void add_members(CLI::App& app, MembersArguments& arguments, Verb& verb);

struct WatchArguments {
    BackendArguments backend;
    std::string what;  ///< lock, leader or group
    std::string name;
    bool json = false;
};
void add_watch(CLI::App& app, WatchArguments& arguments, Verb& verb);
/// Prints until a signal ends it; the exit code.
int watch(const WatchArguments& arguments);

struct WhoArguments {
    BackendArguments backend;
    std::string name;
    bool json = false;
};
void add_who(CLI::App& app, WhoArguments& arguments, Verb& verb);

struct BreakArguments {
    BackendArguments backend;
    std::string name;
    std::optional<std::uint64_t> token;
    bool yes = false;
};
void add_break(CLI::App& app, BreakArguments& arguments, Verb& verb);

struct DoctorArguments {
    BackendArguments backend;
    bool deep = false;
    bool json = false;
};
void add_doctor(CLI::App& app, DoctorArguments& arguments, Verb& verb);

}  // namespace conclave::tool
