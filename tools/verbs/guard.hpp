#pragma once

// The tool's side of the guard: starts it, feeds it deadlines, hears from it. One thread.

#include <sys/types.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "conclave/time.hpp"
#include "guard_messages.hpp"

namespace conclave::tool {

/// What is to run while something is held.
struct GuardedCommand {
    std::vector<std::string> arguments;                            ///< at least the program
    std::vector<std::pair<std::string, std::string>> environment;  ///< beside the tool's own
    Duration kill_after{};                                         ///< from SIGTERM to SIGKILL
};

class Guard {
public:
    /// Forks the guard. CMD does not run yet.
    ///
    /// Requires: no other thread yet, and the signal handling that CMD is to have.
    /// Errors:   no effect - std::system_error
    explicit Guard(const GuardedCommand& command);
    /// Returns once CMD's group is gone: it is ended now if it still runs.
    ~Guard();
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;

    /// Shares the file locks that this process holds, which then last until CMD's group is gone
    /// also when the tool dies. False when there is none.
    bool hand_over_locks();
    /// Starts CMD with CONCLAVE_TOKEN=`token`. False when the guard is gone.
    bool start(std::uint64_t token, const Window& window);
    /// False when the guard is gone; a window that was overstepped stays so.
    bool extend(const Window& window);
    void pass_on(int signal);
    /// Readable once there is a report, or the guard is gone.
    int descriptor() const noexcept { return channel_; }
    /// The next report; nullopt when the guard is gone. Blocks.
    std::optional<Report> read_report();

private:
    bool send(const Order& order, const std::vector<int>& descriptors = {});

    int channel_ = -1;
    pid_t pid_ = -1;
    pid_t group_ = 0;  ///< CMD's while it runs
};

}  // namespace conclave::tool
