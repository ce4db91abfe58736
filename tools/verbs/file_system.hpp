#pragma once

// What kind of file system a file:// URL leads to.

#include <optional>
#include <string>

#include "conclave/remark.hpp"

namespace conclave::tool {

/// nullopt for other URLs. Errors: BadOption for a malformed one.
std::optional<Remark> file_system_of(const std::string& url);

}  // namespace conclave::tool
