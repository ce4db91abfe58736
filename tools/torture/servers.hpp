#pragma once

// The servers that a torture may stop and kill. They are not its children: each is held by a descriptor,
// so that a process id that was given to another process is never signalled.

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace conclave::torture {

/// A server process that cannot be signalled, or the restart command that failed.
struct ServerTrouble {
    std::string text;
};

class Servers {
public:
    /// A helper process lets the servers go on should this process die while they are stopped.
    /// Errors: ServerTrouble when one is not there or not ours to signal.
    Servers(const std::vector<pid_t>& pids, std::string restart_command);
    /// Lets all of them go on.
    ~Servers();
    Servers(const Servers&) = delete;
    Servers& operator=(const Servers&) = delete;

    void stop(std::uint32_t server) const;
    void go_on(std::uint32_t server) const;
    /// SIGKILL; returns when it is gone. Blocks: at most ten seconds. Errors: ServerTrouble.
    void kill(std::uint32_t server) const;
    /// Runs the restart command by sh, with CONCLAVE_SERVER_PID naming who was killed; the last line
    /// that it prints is the new process id. Blocks: at most thirty seconds. Errors: ServerTrouble.
    void restart(std::uint32_t server);

private:
    struct Server {
        pid_t pid = 0;
        int descriptor = -1;
    };
    static Server open(pid_t pid);
    void start_helper();

    std::vector<Server> servers_;
    std::string restart_command_;
    pid_t helper_ = -1;
    int helper_pipe_ = -1;
};

}  // namespace conclave::torture
