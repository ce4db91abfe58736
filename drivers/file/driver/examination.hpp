#pragma once

// What an operator should know about a folder before trusting it with locks. Part of FileDriver.

#include "conclave/environment.hpp"
#include "conclave/remark.hpp"
#include "file_options.hpp"
#include "holds.hpp"

namespace conclave::file {

/// Tries out the file system, on files of its own that it removes again. Errors: unknown -
/// ConnectionError, OperationTimedOut, Cancelled
Remarks examine(Runtime& runtime, const Names& names, Holds& holds, const FileOptions& options,
                Deadline deadline);

}  // namespace conclave::file
