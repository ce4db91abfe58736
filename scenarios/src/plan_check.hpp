#pragma once

// What a scenario or a Plan says that no run could do: found while its file is read, where it
// stands.

#include <string>
#include <string_view>
#include <vector>

#include "table_reader.hpp"

namespace conclave::scenarios {

/// A fault and the table it was read from.
struct ReadFault {
    TableReader reader;
    Fault fault;
};

/// What a step of this workload may do.
const std::vector<std::string>& actions_of(std::string_view workload);

/// Errors: FileError at `key` of `reader` - `driver` is no configuration.
void check_driver(TableReader& reader, std::string_view key, const std::string& driver);

/// Hosts, the driver's options and the properties that must be violated, as the configuration of
/// `plan` knows them.
///
/// Errors: FileError at the line, naming the key, its value and what was expected.
void check_plan(TableReader& reader, std::vector<ReadFault>& faults, const Plan& plan);

/// The same of the faults of a Plan that was read from no file, or changed since.
void check_targets(const Plan& plan);

}  // namespace conclave::scenarios
