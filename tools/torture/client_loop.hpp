#pragma once

// What one client of a torture does, on a fiber of its process's runtime: it loops over a workload and
// writes a journal. It runs over AsioRuntime in a torture, and in the simulator in its tests.

#include <cstdint>
#include <optional>
#include <string>

#include "conclave/registry.hpp"
#include "conclave/scenarios/observed/call_log.hpp"
#include "journal.hpp"

namespace conclave::torture {

enum class Workload : std::uint8_t { lock, leader, group };
std::string_view to_string(Workload workload) noexcept;
std::optional<Workload> workload_named(std::string_view name) noexcept;

struct RunOptions;
/// The member id of a process: of this run alone.
std::string member_of(const RunOptions& run, const std::string& process);

/// What every client of a run has in common.
struct RunOptions {
    std::string url;
    std::string run;  ///< part of all names: what earlier runs left behind is not met again
    Workload workload = Workload::lock;
    Duration ttl = std::chrono::seconds(2);  ///< of leases, where they lapse, and memberships
    std::uint64_t seed = 1;
    TimePoint end{};  ///< when the loops end, by the common clock
};

struct ClientOptions {
    scenarios::Incarnation who;  ///< its name is part of its member id
    bool handles = true;         ///< through a Client; else through the seed's Coordinator
};

/// Tries to start until the end of the run, loops until then, and stops.
///
/// Blocks: parks until the end of the run, and then for some seconds at most.
/// Errors: no effect - BadOption, DriverChosenPoorly, NotImplemented: this backend cannot do it.
void run_client(Runtime& runtime, const RunOptions& run, const ClientOptions& client,
                const DriverRegistry& drivers, Journal& journal);

}  // namespace conclave::torture
