#pragma once

// A recorded history, one JSON object a line; docs/history-format.md describes it.

#include <istream>
#include <string>
#include <vector>

#include "conclave/properties/calls.hpp"
#include "conclave/properties/models.hpp"

namespace conclave::tool {

struct HistoryFile {
    properties::Calls history;
    std::vector<std::uint32_t> lines;  ///< the line of each call
    bool every_server = true;          ///< each call that may have had an effect names its server
};

/// Reads a whole history. Errors: scenarios::FileError, "NAME:LINE: ...".
HistoryFile read_history(std::istream& in, const std::string& name, properties::Model model);

}  // namespace conclave::tool
