#pragma once

// Runs the clients of a torture as processes, injects the planned faults, and tells how each process
// ended. Single-threaded; it forks.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client_process.hpp"
#include "fault_plan.hpp"
#include "merged.hpp"
#include "net_space.hpp"
#include "servers.hpp"

namespace conclave::torture {

/// What happened, by boot_time_ns().
struct Conducted {
    std::int64_t begin_ns = 0;
    struct Ended {
        ProcessEnd end;
        std::string journal_path;
    };
    std::vector<Ended> ended;
    struct Window {
        std::string client;
        std::int64_t begin_ns = 0;
        std::int64_t end_ns = 0;
    };
    std::vector<Window> pauses;
    std::vector<Window> cuts;
    std::uint64_t faults = 0;            ///< that were carried out
    std::vector<std::string> crashes;    ///< processes that ended as no client should
    int signal = 0;                      ///< what ended the run early; 0 when nothing did
    bool nobody_started = false;         ///< no client reached the backend in time
};

struct ConductorOptions {
    RunOptions run;
    Duration length{};
    std::uint32_t clients = 0;
    std::vector<Fault> faults;
    std::string folder;                  ///< of journals
};

class Conductor {
public:
    /// `net_spaces` is null where clients stay in the network namespace of this process.
    Conductor(ConductorOptions options, Servers& servers, NetSpaces* net_spaces);

    /// Blocks: for the length of the run, and at most some seconds longer. SIGINT, SIGTERM and SIGHUP
    /// end it early. Errors: ServerTrouble, NetTrouble, std::system_error; no client is left then.
    Conducted run();

private:
    using Action = std::function<void()>;
    void start_client(std::uint32_t number);
    void note_end(std::uint32_t number, std::int64_t at_ns, bool killed);
    void begin(const Fault& fault);
    void at(std::int64_t time_ns, Action action) { agenda_.emplace(time_ns, std::move(action)); }
    /// Until `end_ns`, `done` or a signal.
    void conduct(std::int64_t end_ns, const std::function<bool()>& done);
    void wait_for_signal(std::int64_t end_ns);
    void look_for_ends();
    bool all_ended();
    void check_that_somebody_started();
    void end_all();

    struct Client {
        std::unique_ptr<ClientProcess> process;
        int incarnation = 0;
        std::optional<std::size_t> last_end;  ///< of its last incarnation, in conducted_.ended
    };
    ConductorOptions options_;
    Servers& servers_;
    NetSpaces* net_spaces_;
    std::vector<Client> clients_;
    std::multimap<std::int64_t, Action> agenda_;
    Conducted conducted_;
};

}  // namespace conclave::torture
