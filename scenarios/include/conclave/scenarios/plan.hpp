#pragma once

// A Plan: everything that one run does, drawn from a scenario and a seed, or read back from a file.
// A plain value. A seed rots as soon as the code that draws changes; a Plan does not.
// Text form: TOML, first key `format = "conclave-plan/1"`; docs/scenarios.md.

#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "conclave/sim/sim_network.hpp"
#include "conclave/time.hpp"
#include "conclave/url.hpp"

namespace conclave::scenarios {

inline constexpr std::string_view plan_format = "conclave-plan/1";

/// A scenario or Plan file that cannot be used: "file:line: what, expected ...".
class FileError : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

enum class FaultAction : std::uint8_t {
    partition, one_way, clog, black_hole, reset, refuse, half_open, request_lost, reply_lost,
    crash, power_loss, pause, suspend, wall_step, clock_rate,
    partial, ring, slow_reader, vm_restore, clock_step, disk_full, slow_command,
    too_many_connections, disk_hang,
};
std::string_view to_string(FaultAction action) noexcept;
std::vector<FaultAction> fault_actions();
/// Whether it stands between hosts `a` and hosts `b`, rather than on the hosts `a`.
bool two_sided(FaultAction action) noexcept;
/// Whether it happens inside a server, so that `a` names one.
bool of_a_server(FaultAction action) noexcept;
/// Whether it is nothing where there is no server.
bool needs_server(FaultAction action) noexcept;
/// False when there is no such action.
bool parse(std::string_view text, FaultAction& action) noexcept;

/// One fault at one time, or at one environment call. `a` and `b` name hosts; process faults use `a`,
/// and disk_hang names Topology::disk there.
struct Fault {
    FaultAction action = FaultAction::partition;
    Duration at{};
    Duration length{};          ///< until healed, resumed or restarted; 0 for what has no duration
    std::vector<std::string> a;
    std::vector<std::string> b;
    std::int64_t amount = 0;    ///< clog and the steps: ns; clock_rate: ppm
    std::string after;          ///< an anchor, "c1 acquired #2": `at` counts from there
    /// Not 0: at this environment call of the process of `a`'s first, over all of its incarnations;
    /// `at` is not looked at.
    std::uint64_t call = 0;
    bool after_call = false;    ///< on this side of the call's effect
    /// Whether it begins at `at` since the run began, whatever happens.
    bool by_time() const noexcept { return after.empty() && call == 0; }
    friend bool operator==(const Fault&, const Fault&) = default;
};

/// One thing that a client does, as soon as `at` has come and the step before it is done.
struct Step {
    Duration at{};
    std::string action;   ///< lock, campaign, read, join, leave, ...: the workload's words
    std::string object;
    Duration length{};    ///< how long it holds or leads
    friend bool operator==(const Step&, const Step&) = default;
};

struct ClientPlan {
    std::string name;     ///< its host, its process and its member id
    int clock_rate_ppm = 0;
    Duration wall_offset{};
    bool handles = false;  ///< it works through handles, not through a Coordinator
    std::vector<Step> steps;
    friend bool operator==(const ClientPlan&, const ClientPlan&) = default;
};

/// How the simulated servers are set up.
struct ServerPlan {
    std::string appendfsync = "always";  ///< always, everysec, no, off
    int min_replicas = 0;
    Duration down_after = std::chrono::seconds(1);
    Duration failover_timeout = std::chrono::seconds(10);
    Duration replica_wall_offset{};      ///< of the replicas' hosts
    std::int64_t keys_max = 0;           ///< stands for maxmemory; 0 is unlimited
    std::string eviction =
        "noeviction";  ///< maxmemory-policy: noeviction, allkeys-lru, volatile-lru
    friend bool operator==(const ServerPlan&, const ServerPlan&) = default;
};

struct Plan {
    std::string scenario;
    std::string driver;        ///< the configuration's name: redis, redis-sentinel, ...
    std::uint64_t seed = 0;
    std::string workload;      ///< lock, leader, group, wait_trap, replica_read
    std::string label;         ///< e.g. R1; empty for most
    Duration duration{};       ///< of the phase with faults
    Duration progress_within{};
    Duration wait{};           ///< how long a client waits for a lock
    bool priority_scheduling = false;
    std::uint64_t priority_changes = 0;  ///< change points of PCT: one fewer than the depth
    std::uint64_t priority_choices = 0;  ///< among so many scheduling choices they lie
    bool must_keep = false;    ///< no fault is grave enough to excuse a hold that lapses
    bool characteristics = false;  ///< the ten are judged too
    bool tenfold = false;  ///< what is lost is compared with a run of ten times the timeouts
    std::string deployment = "hosts";  ///< every client is a host, a process or a thread of its own
    bool resource = false;     ///< what a lock protects is a fenced resource
    sim::LinkOptions link;
    ServerPlan server;
    Options driver_options;
    std::vector<std::string> outside_envelope;
    std::vector<std::string> must_violate;
    std::vector<ClientPlan> clients;
    std::vector<Fault> faults;
    std::vector<std::string> sometimes;  ///< milestones that a sweep has to reach

    // What a saved Plan is there for.
    std::uint64_t trace_hash = 0;  ///< of the run that saved it; 0 unknown
    std::string property;          ///< what that run violated; empty unknown
    /// Faults that applied in that run; -1 unknown.
    std::int64_t applied = -1;
    std::vector<std::string> milestones;  ///< a run that misses one is stale
    std::string kills;             ///< the mutant that violates `property`
    std::string kills_none;        ///< why there is no such mutant
};

std::string to_text(const Plan& plan);
/// Errors: FileError naming `file` and the line.
Plan parse_plan(const std::string& text, const std::string& file);

/// "1.5s", "20ms", "300us", "7ns"; false when it is none of these.
bool parse_duration(std::string_view text, Duration& duration) noexcept;
/// The shortest of these forms that is exact.
std::string to_text(Duration duration);

}  // namespace conclave::scenarios
