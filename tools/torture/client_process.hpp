#pragma once

// A client of a torture as a process of its own. It is forked, so the parent must be single-threaded;
// it dies with its parent, and is signalled by its process id only.

#include <sys/types.h>

#include <functional>
#include <string>

#include "client_loop.hpp"

namespace conclave::torture {

/// Nanoseconds of CLOCK_BOOTTIME, the clock that all processes of the machine share.
std::int64_t boot_time_ns() noexcept;

class ClientProcess {
public:
    /// Starts it; it appends its journal to `journal_path`. `prepare` runs first, in the child; when
    /// it fails nothing else does. Errors: std::system_error when the machine has no room for it.
    ClientProcess(const RunOptions& run, const ClientOptions& client,
                  const std::string& journal_path, const std::function<void()>& prepare = {});
    /// Kills it when it still runs.
    ~ClientProcess();
    ClientProcess(const ClientProcess&) = delete;
    ClientProcess& operator=(const ClientProcess&) = delete;

    pid_t pid() const noexcept { return pid_; }
    const scenarios::Incarnation& who() const noexcept { return who_; }
    const std::string& journal_path() const noexcept { return journal_path_; }
    void stop() noexcept;       ///< SIGSTOP
    void go_on() noexcept;      ///< SIGCONT
    /// SIGKILL, and waits until it is gone. The instant just before, by boot_time_ns().
    std::int64_t kill() noexcept;

    /// Whether it has ended; never blocks.
    bool ended() noexcept;
    /// Requires: ended().
    int wait_status() const noexcept { return status_; }

private:
    scenarios::Incarnation who_;
    std::string journal_path_;
    pid_t pid_ = -1;
    bool reaped_ = false;
    int status_ = 0;
};

/// What a client process ends with.
enum class ClientExit : int { ran = 0, gave_up = 3, broken = 4 };

}  // namespace conclave::torture
