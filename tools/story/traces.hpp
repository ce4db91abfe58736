#pragma once

// A run in the formats of tools that draw runs.

#include <string>

#include "focus.hpp"

namespace conclave::tool {

/// The trace event format of Chrome and Perfetto, as JSON: a process for each lane and one for the
/// faults; operations and beliefs as complete events, messages as flows. The whole run.
std::string chrome_trace(const scenarios::Account& account);

/// A log for ShiViz: its regular expression on the first line, then events with vector clocks, in
/// which a delivery comes after its message. The whole run.
std::string shiviz_log(const scenarios::Account& account);

/// A sequence diagram for Mermaid of at most 200 events, those nearest to the violation; the diagram
/// says how many are left out.
std::string mermaid_diagram(const scenarios::Account& account, const Focus& focus);
inline constexpr std::size_t mermaid_events_max = 200;

}  // namespace conclave::tool
