#pragma once

// Keys that scenario files and Plan files share.

#include "table_reader.hpp"

namespace conclave::scenarios {

inline const std::vector<std::string> workloads{
    "lock",       "leader",      "group",       "wait_trap", "replica_read",
    "lock_twice", "create_race", "lock_names",  "delete_race", "ring",
    "herd",       "shared_lock", "rejoin",      "shutdown",  "capabilities"};

inline const std::vector<std::string> deployments{"hosts", "processes", "threads"};

void read_link(TableReader reader, sim::LinkOptions& link);
void read_server(TableReader reader, ServerPlan& server);
/// Errors: FileError when one is unknown.
void read_milestones(TableReader& reader, std::string_view key, std::vector<std::string>& target);
Fault read_fault(TableReader& reader);
Step read_step(TableReader& reader, const std::string& workload);

}  // namespace conclave::scenarios
