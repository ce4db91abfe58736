#pragma once

// Which faults a torture injects, and when: a function of the seed. Pure.

#include <cstdint>
#include <string>
#include <vector>

#include "conclave/time.hpp"

namespace conclave::torture {

enum class FaultKind : std::uint8_t {
    pause,          ///< SIGSTOP and SIGCONT of a client
    kill,           ///< SIGKILL of a client, and a new incarnation
    cut,            ///< the link of a client's network namespace is down
    pause_server,   ///< SIGSTOP and SIGCONT
    kill_server,    ///< SIGKILL, and the restart command
};
std::string_view to_string(FaultKind kind) noexcept;

struct Fault {
    FaultKind kind{};
    std::uint32_t target = 0;  ///< the number of a client or server, from 0 on
    Duration at{};             ///< since the run began
    Duration length{};         ///< until it is undone
};

struct FaultOptions {
    std::uint64_t seed = 1;
    Duration ttl{};
    Duration length{};         ///< of the run
    std::uint32_t clients = 0;
    std::uint32_t servers = 0;
    bool cuts = false;
    bool server_kills = false;
};

/// In the order of their times. A target has one fault at a time. The first come half a ttl after the
/// beginning, and all are undone half a ttl before the end.
std::vector<Fault> draw_faults(const FaultOptions& options);

/// "3.210 s  pause c2 for 2.500 s"
std::string describe(const Fault& fault);
/// "c1" for client 0, "server 1" for server 0.
std::string target_name(const Fault& fault);
std::string client_name(std::uint32_t number);

}  // namespace conclave::torture
