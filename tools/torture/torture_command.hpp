#pragma once

// conclave torture: the checkers of the simulator against a real backend, whose clients, servers and
// links are disturbed at random times.

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

namespace conclave::torture {

struct TortureArguments {
    std::string program;  ///< how the tool was called, for the lines that repeat something
    std::string url;
    std::string length = "60s";
    std::string ttl = "2s";
    std::string workload = "lock";
    std::string seed;     ///< a fresh one when empty
    std::uint32_t clients = 5;
    std::vector<int> server_pids;
    bool kill_servers = false;
    std::string restart_server;
    bool net_spaces = false;
    std::string json;
    std::string history;
};

/// Adds the verb. `arguments` outlives it.
void add_torture(CLI::App& app, TortureArguments& arguments, std::function<int()>& verb);

}  // namespace conclave::torture
