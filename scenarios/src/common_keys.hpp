#pragma once

// Keys that scenario files and Plan files share.

#include "table_reader.hpp"

namespace conclave::scenarios {

inline const std::vector<std::string> workloads{
    "lock", "leader", "group", "wait_trap", "replica_read", "lock_twice", "create_race",
    "lock_names"};

void read_link(TableReader reader, sim::LinkOptions& link);
void read_server(TableReader reader, ServerPlan& server);
Fault read_fault(TableReader& reader);
Step read_step(TableReader& reader);

}  // namespace conclave::scenarios
