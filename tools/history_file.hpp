#pragma once

// A recorded history, one JSON object a line; docs/history-format.md describes it.

#include <istream>
#include <map>
#include <string>
#include <vector>

#include "conclave/properties/calls.hpp"
#include "conclave/properties/models.hpp"
#include "conclave/properties/silence.hpp"

namespace conclave::tool {

/// Where each session runs.
using Places = std::map<properties::TextId, properties::TextId>;

struct HistoryFile {
    properties::Calls history;
    std::vector<std::uint32_t> lines;  ///< the line of each call
    Places processes, hosts;
    std::vector<properties::Silence> pauses;  ///< of every session of a process that stood still
    std::int64_t timeout_max_ns = 0;          ///< the longest timeout in force, of the pauses
    // Whether every call that is a client's tells it.
    bool every_server = true;
    bool every_thread = true;
    bool every_host = true;
};

/// Reads a whole history. Errors: scenarios::FileError, "NAME:LINE: ...".
HistoryFile read_history(std::istream& in, const std::string& name, properties::Model model);

}  // namespace conclave::tool
