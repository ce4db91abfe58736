#pragma once

// CMD runs while something is held, and no longer. What `lock`, `elect` and `join` share.

#include <functional>
#include <memory>
#include <string>

#include "backend.hpp"
#include "conclave/validity.hpp"
#include "guard.hpp"
#include "signals.hpp"

namespace conclave::tool {

/// What kind of hold CMD runs under.
enum class HoldKind { lock, leadership, membership };

/// The options of the verbs that run CMD.
struct HoldArguments {
    HoldKind kind = HoldKind::lock;
    BackendArguments backend;
    std::string name;
    std::string wait = "30s";
    bool no_wait = false;
    std::string ttl;
    std::string kill_after;
    int not_obtained_code = ProductionExit::not_obtained;
    std::vector<std::string> command;  ///< what followed "--"
};

/// `what` is the positional argument.
void add_hold_options(CLI::App& verb, HoldArguments& arguments, const std::string& what);

/// The bounds in force.
struct HoldTimes {
    Duration wait{};
    Duration ttl{};
    Duration kill_after{};
};

/// Errors: UsageError, also when there is no CMD; BadOption for a malformed URL.
HoldTimes hold_times(const HoldArguments& arguments);
/// Locks and leaderships live for `ttl`, where they lapse at all.
ConnectOptions with_ttl(const HoldArguments& arguments, Duration ttl);

/// Runs `obtain` on a thread of its own until it has ended; a signal stops `client`, which ends it
/// too. Returns the signal, or 0. Errors: what `obtain` throws, unless a signal came first.
int wait_for_hold(Client& client, EndingSignals& signals, const std::function<void()>& obtain);

/// Runs CMD under `held`, feeds the guard, passes signals on. Returns the exit code once the whole
/// group is gone, and only then `held` may be given up.
int run_under(std::unique_ptr<Guard> guard, EndingSignals& signals, const std::string& verb,
              const Handle& held, const HoldArguments& arguments, const HoldTimes& times);

/// After run_under(): gives up what was held unless it was lost, and stops the client.
template <class Held>
int give_up(Client& client, Held& held, const std::string& verb, int code,
            Result<bool> (Held::*end)()) {
    if (code == ProductionExit::lost) {
        client.stop(std::chrono::milliseconds(200));
        return code;
    }
    const Result<bool> ended = (held.*end)();
    if (!ended) tell(verb, "it lapses by itself: " + ended.failure().message);
    client.stop(std::chrono::seconds(2));
    return code;
}

}  // namespace conclave::tool
